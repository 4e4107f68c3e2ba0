#include "runner/journal/directory_storage.hpp"

#include "test/net/temporary_directory.hpp"

#include <catch2/catch_test_macros.hpp>

#include <sys/stat.h>

namespace corunner {
namespace {

namespace fs = std::filesystem;

unsigned mode_of(fs::path const& file) {
  struct stat facts {};
  REQUIRE(::stat(file.c_str(), &facts) == 0);
  return facts.st_mode & 0777;
}

fs::path only_directory_in(fs::path const& base) {
  fs::path found;
  for (auto const& each : fs::directory_iterator(base)) {
    if (each.is_directory()) found = each.path();
  }
  return found;
}

}  // namespace

TEST_CASE("only the user can read what a storage keeps", "[journal]") {
  test::temporary_directory home;
  auto const base = home.path() / "state" / "journal";
  auto const made = directory_storage::create(base);
  REQUIRE(made);
  REQUIRE_FALSE((*made)->append("1.job", "secret"));
  auto const log = (*made)->open_spool("1.log");
  REQUIRE(log);
  auto const directory = only_directory_in(base);
  CHECK(mode_of(directory) == 0700);
  CHECK(mode_of(directory / "1.job") == 0600);
  CHECK(mode_of(directory / "1.log") == 0600);
}

TEST_CASE("a storage that is in use is nobody else's, one that was left is the next one's",
          "[journal]") {
  test::temporary_directory home;
  {
    auto const first = directory_storage::create(home.path());
    REQUIRE(first);
    (*first)->append("1.job", "one");
    (*first)->append("1.job", " and two");
    CHECK(directory_storage::adopt(home.path()).empty());
  }
  auto const left = directory_storage::adopt(home.path());
  REQUIRE(left.size() == 1);
  CHECK(left[0]->names() == std::vector<std::string>{"1.job"});
  CHECK(left[0]->read("1.job").value() == "one and two");
  CHECK(left[0]->size("1.job").value() == 11);
  CHECK(directory_storage::adopt(home.path()).empty());
}

TEST_CASE("an empty storage goes away with its process, also when others adopted it", "[journal]") {
  test::temporary_directory home;
  { auto const made = directory_storage::create(home.path()); }
  CHECK(fs::is_empty(home.path()));
  {
    auto const made = directory_storage::create(home.path());
    (*made)->append("1.job", "one");
  }
  {
    auto const left = directory_storage::adopt(home.path());
    REQUIRE(left.size() == 1);
    left[0]->remove("1.job");
  }
  CHECK(fs::is_empty(home.path()));
}

TEST_CASE("a storage whose lock file was lost with power is found", "[journal]") {
  test::temporary_directory home;
  {
    auto const made = directory_storage::create(home.path());
    (*made)->append("1.job", "one");
  }
  fs::remove(only_directory_in(home.path()).string() + ".lock");
  auto const left = directory_storage::adopt(home.path());
  REQUIRE(left.size() == 1);
  CHECK(left[0]->names() == std::vector<std::string>{"1.job"});
  CHECK(directory_storage::adopt(home.path()).empty());
}

TEST_CASE("a lock file whose storage was lost with power goes away", "[journal]") {
  test::temporary_directory home;
  {
    auto const made = directory_storage::create(home.path());
    (*made)->append("1.job", "one");
  }
  fs::remove_all(only_directory_in(home.path()));
  CHECK(directory_storage::adopt(home.path()).size() == 1);
  CHECK(fs::is_empty(home.path()));
}

TEST_CASE("processes of one start of the machine see the same name for it", "[journal]") {
  test::temporary_directory home;
  auto const one = directory_storage::create(home.path());
  auto const other = directory_storage::create(home.path());
  CHECK_FALSE((*one)->machine_start().empty());
  CHECK((*one)->machine_start() == (*other)->machine_start());
}

TEST_CASE("a spool of a storage keeps its bytes", "[journal]") {
  test::temporary_directory home;
  auto const made = directory_storage::create(home.path());
  REQUIRE(made);
  {
    auto const log = (*made)->open_spool("1.log");
    REQUIRE_FALSE((*log)->write(0, "hello"));
  }
  auto const again = (*made)->open_spool("1.log");
  (*again)->cut(9);
  CHECK(read_exactly(**again, 1, 4).value() == "ello");
  CHECK(read_exactly(**again, 1, 5).error() == asio::error::eof);
  (*again)->cut(2);
  CHECK((*made)->size("1.log").value() == 2);
  CHECK_FALSE((*made)->sync({"1.log"}));
  CHECK((*made)->sync({"not there"}));
}

TEST_CASE("where no directory can be made there is no storage", "[journal]") {
  test::temporary_directory home;
  auto const made = directory_storage::create(home.path() / "file" / "below");
  CHECK(made);
  CHECK_FALSE(directory_storage::create("/proc/no/such/place"));
}

}  // namespace corunner
