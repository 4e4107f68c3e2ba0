#include "runner/helper/mask_store.hpp"

#include "test/exec/script/real_shell.hpp"

#include <catch2/catch_test_macros.hpp>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

using namespace corunner;
namespace fs = std::filesystem;

namespace {

using values = std::vector<std::string>;

mode_t mode_of(std::string const& file) {
  struct stat facts{};
  REQUIRE(::stat(file.c_str(), &facts) == 0);
  return facts.st_mode & 0777;
}

std::string key_file(test::scratch_directory const& dir) {
  for (auto const& each : fs::directory_iterator(dir / "job.tmp")) {
    if (each.path().filename().string().starts_with("runner")) return each.path().string();
  }
  return {};
}

struct store : mask_store {
  explicit store(test::scratch_directory const& dir, bool for_all = false)
      : mask_store({dir / "job.tmp", for_all}) {
    REQUIRE_FALSE(open());
  }
};

TEST_CASE("a later process of the job knows the masks of an earlier one", "[helper][store]") {
  test::scratch_directory dir;
  {
    store first(dir);
    CHECK(first.news().empty());
    CHECK_FALSE(first.add("secret one"));
    CHECK_FALSE(first.add(std::string("two\nlines and \0 a zero", 22)));
  }
  store second(dir);
  CHECK(second.news() == values{"secret one", std::string("two\nlines and \0 a zero", 22)});
  CHECK(second.news().empty());
}

TEST_CASE("two processes that run at once see each other's masks", "[helper][store]") {
  test::scratch_directory dir;
  store one(dir);
  store other(dir);
  CHECK(other.news().empty());
  CHECK_FALSE(one.add("from one"));
  CHECK(other.news() == values{"from one"});
  CHECK_FALSE(other.add("from the other"));
  CHECK(one.news() == values{"from one", "from the other"});
}

TEST_CASE("many processes that begin at once lose no mask", "[helper][store]") {
  test::scratch_directory dir;
  constexpr int processes = 8;
  constexpr int masks = 25;
  std::vector<pid_t> children;
  for (int i = 0; i != processes; ++i) {
    pid_t const child = ::fork();
    if (child == 0) {
      mask_store mine({dir / "job.tmp", false});
      bool good = !mine.open();
      for (int n = 0; n != masks; ++n) {
        good = good && !mine.add(std::to_string(i) + ":" + std::to_string(n));
      }
      ::_exit(good ? 0 : 1);
    }
    children.push_back(child);
  }
  for (pid_t const child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  store all(dir);
  CHECK(all.news().size() == processes * masks);
}

TEST_CASE("neither file holds a value as text, and nobody else may read them", "[helper][store]") {
  test::scratch_directory dir;
  store mine(dir);
  CHECK_FALSE(mine.add("plain-secret"));
  auto const database = dir.read("job.tmp/masking.db");
  CHECK(database.size() > 32);
  CHECK(database.find("plain-secret") == std::string::npos);
  CHECK(database.find("cGxhaW4tc2VjcmV0") == std::string::npos);
  CHECK(fs::file_size(key_file(dir)) == 32);
  CHECK(mode_of(dir / "job.tmp/masking.db") == 0600);
  CHECK(mode_of(key_file(dir)) == 0600);
}

TEST_CASE("in a container other users may add masks, too", "[helper][store]") {
  test::scratch_directory dir;
  auto const before = ::umask(077);
  store shared(dir, true);
  ::umask(before);
  CHECK(mode_of(dir / "job.tmp/masking.db") == 0666);
  CHECK(mode_of(key_file(dir)) == 0644);
}

TEST_CASE("masks of a database that was removed are gone, the next ones are kept",
          "[helper][store]") {
  test::scratch_directory dir;
  store old(dir);
  CHECK_FALSE(old.add("of the job before"));
  fs::remove(dir / "job.tmp/masking.db");
  store fresh(dir);
  CHECK(fresh.news().empty());
  CHECK_FALSE(old.add("new"));
  CHECK(fresh.news() == values{"new"});
  fs::remove_all(dir / "job.tmp");
  CHECK_FALSE(old.add("again"));
  CHECK(store(dir).news() == values{"again"});
}

TEST_CASE("a line that a crash tore, or somebody wrote, costs no other value", "[helper][store]") {
  test::scratch_directory dir;
  store mine(dir);
  CHECK_FALSE(mine.add("first"));
  auto const whole = dir.read("job.tmp/masking.db");
  dir.write("job.tmp/masking.db", whole + "not base64!\nQUJD\n" + whole.substr(32, 20));
  CHECK_FALSE(mine.add("second"));
  CHECK(store(dir).news() == values{"first", "second"});
}

TEST_CASE("a database without its key begins anew", "[helper][store]") {
  test::scratch_directory dir;
  store mine(dir);
  CHECK_FALSE(mine.add("lost"));
  fs::remove(key_file(dir));
  store again(dir);
  CHECK(again.news().empty());
  CHECK_FALSE(again.add("kept"));
  CHECK(store(dir).news() == values{"kept"});
}

TEST_CASE("a directory that cannot be made is an error, not an end", "[helper][store]") {
  test::scratch_directory dir;
  dir.write("job.tmp", "a file");
  mask_store none({dir / "job.tmp", false});
  CHECK(none.open());
  CHECK(none.news().empty());
}

}  // namespace
