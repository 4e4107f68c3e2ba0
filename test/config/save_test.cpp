#include "config/atomic_file.hpp"
#include "config/file.hpp"
#include "test/config/observed_case.hpp"
#include "test/config/scratch_directory.hpp"

#include <catch2/catch_test_macros.hpp>

#include <unistd.h>

#include <algorithm>

using namespace corunner;

namespace {

std::size_t files_in(std::filesystem::path const& directory) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator(directory), {}));
}

}  // namespace

TEST_CASE("a new file is for its owner alone, and so is its directory", "[config][save]") {
  test::scratch_directory scratch;
  auto const file = scratch.path() / "new" / "config.toml";
  REQUIRE_FALSE(config::save_file(config::configuration(), file));
  CHECK(scratch.mode("new") == 0700);
  CHECK(scratch.mode("new/config.toml") == 0600);
  CHECK(scratch.read("new/config.toml") == config::encode(config::configuration()));
}

TEST_CASE("an existing file keeps its mode", "[config][save]") {
  test::scratch_directory scratch;
  scratch.write("config.toml", "");
  std::filesystem::permissions(scratch.path() / "config.toml", std::filesystem::perms(0640));
  REQUIRE_FALSE(config::save_file(config::configuration(), scratch.path() / "config.toml"));
  CHECK(scratch.mode("config.toml") == 0640);
}

TEST_CASE("a save replaces the file and leaves nothing beside it", "[config][save]") {
  test::scratch_directory scratch;
  scratch.write("config.toml", "old");
  std::filesystem::create_hard_link(scratch.path() / "config.toml", scratch.path() / "witness");
  REQUIRE_FALSE(config::replace_file(scratch.path() / "config.toml", "new"));
  CHECK(scratch.read("config.toml") == "new");
  // The old file was not written to: a reader that had it open sees it whole.
  CHECK(scratch.read("witness") == "old");
  CHECK(files_in(scratch.path()) == 2);
}

TEST_CASE("a symbolic link stays one and its target is replaced", "[config][save]") {
  test::scratch_directory scratch;
  scratch.write("real.toml", "old");
  std::filesystem::create_symlink("real.toml", scratch.path() / "config.toml");
  REQUIRE_FALSE(config::replace_file(scratch.path() / "config.toml", "new"));
  CHECK(std::filesystem::is_symlink(scratch.path() / "config.toml"));
  CHECK(scratch.read("real.toml") == "new");
}

TEST_CASE("a file that cannot be saved is an error with its cause", "[config][save]") {
  test::scratch_directory scratch;
  std::filesystem::create_directory(scratch.path() / "config.toml");
  auto const why = config::save_file(config::configuration(), scratch.path() / "config.toml");
  REQUIRE(why.has_value());
  CHECK(why->message == "saving the file: open " + (scratch.path() / "config.toml").string() +
                            ": is a directory");
}

TEST_CASE("a missing file loads as the defaults, an existing one gets its connection age",
          "[config][save]") {
  test::scratch_directory scratch;
  auto const missing = config::load_file(scratch.path() / "config.toml", test::no_variable);
  REQUIRE(missing.has_value());
  CHECK_FALSE(missing->connection_max_age);
  CHECK(missing->runners.empty());

  scratch.write("config.toml", "");
  auto const empty = config::load_file(scratch.path() / "config.toml", test::no_variable);
  REQUIRE(empty.has_value());
  CHECK(empty->connection_max_age == std::chrono::minutes(15));
}

TEST_CASE("a broken file is an error that names it", "[config][save]") {
  test::scratch_directory scratch;
  scratch.write("config.toml", "concurrent = \"x\"");
  auto const broken = config::load_file(scratch.path() / "config.toml", test::no_variable);
  REQUIRE_FALSE(broken.has_value());
  CHECK(broken.error().message.starts_with(
      "decoding configuration file: toml: line 1 (last key \"concurrent\"): "));

  auto const directory = config::load_file(scratch.path(), test::no_variable);
  REQUIRE_FALSE(directory.has_value());
  CHECK(directory.error().message == "decoding configuration file: read " +
                                         scratch.path().string() + ": is a directory");
}

TEST_CASE("a machine option without a place for the name is refused at load", "[config][save]") {
  test::scratch_directory scratch;
  scratch.write("config.toml",
                "[[runners]]\n[runners.machine]\nMachineOptionsWithName = [\"x\"]\n");
  auto const refused = config::load_file(scratch.path() / "config.toml", test::no_variable);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message ==
        "invalid config: validating runner : validating machine options with name: "
        "machine option with name \"x\" must contain %s placeholder");
}
