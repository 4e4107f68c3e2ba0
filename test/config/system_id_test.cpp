#include "config/system_id.hpp"

#include "test/config/scratch_directory.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;

TEST_CASE("the id of a machine follows from its machine id", "[config][system_id]") {
  // printf gitlab-runner | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
  CHECK(config::make_system_id("0123456789abcdef0123456789abcdef") == "s_ee3af03959fe");
}

TEST_CASE("a machine without an id gets a random one", "[config][system_id]") {
  auto const one = config::make_system_id("");
  CHECK(config::is_system_id(one));
  CHECK(one.starts_with("r_"));
  CHECK(one != config::make_system_id(""));
}

TEST_CASE("an id is kept, white space around it is not", "[config][system_id]") {
  test::scratch_directory scratch;
  scratch.write(".runner_system_id", "  s_abcdefABCDEF\n");
  auto const id = config::load_system_id(scratch.path());
  REQUIRE(id.has_value());
  CHECK(id->value == "s_abcdefABCDEF");
  CHECK_FALSE(id->created);
  CHECK(scratch.read(".runner_system_id") == "  s_abcdefABCDEF\n");
}

TEST_CASE("a missing or bad id is replaced and written without a newline", "[config][system_id]") {
  test::scratch_directory scratch;
  for (auto const* content : {"", "nonsense", "s_short", "x_abcdefABCDEF", "s_abcdefABCDE-"}) {
    scratch.write(".runner_system_id", content);
    auto const id = config::load_system_id(scratch.path());
    REQUIRE(id.has_value());
    CHECK(id->created);
    CHECK_FALSE(id->not_written);
    CHECK(scratch.read(".runner_system_id") == id->value);
  }
}

TEST_CASE("a new id makes its directory, for the owner alone", "[config][system_id]") {
  test::scratch_directory scratch;
  auto const directory = scratch.path() / "a" / "b";
  REQUIRE(config::load_system_id(directory).has_value());
  CHECK(scratch.mode("a/b") == 0700);
  CHECK(scratch.mode("a/b/.runner_system_id") == 0600);
}

TEST_CASE("an id that cannot be written is used all the same", "[config][system_id]") {
  auto const id = config::load_system_id("/proc/no-such-directory");
  REQUIRE(id.has_value());
  CHECK(config::is_system_id(id->value));
  CHECK(id->not_written.has_value());
}

TEST_CASE("an id that cannot be read is an error", "[config][system_id]") {
  test::scratch_directory scratch;
  std::filesystem::create_directory(scratch.path() / ".runner_system_id");
  auto const id = config::load_system_id(scratch.path());
  REQUIRE_FALSE(id.has_value());
  CHECK(id.error().message.starts_with("reading from runner system ID file: read "));
}
