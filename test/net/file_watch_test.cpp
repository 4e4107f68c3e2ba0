// Real files, manual time: the kernel has noted a change when the call that made it returns.

#include "net/file_watch.hpp"

#include "net/task_group.hpp"
#include "test/net/temporary_directory.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/settle.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

namespace corunner::test {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

void put(fs::path const& file, std::string const& text) { std::ofstream(file) << text; }

struct watched {
  explicit watched(std::string const& name = "config.toml") : file(home.path() / name) {}
  ~watched() {
    tasks.cancel();
    settle(io);
  }

  void begin() {
    net::file_watch::options how;
    how.warn = [this](std::string const& why) { warnings.push_back(why); };
    watch = net::watch_file(io.get_executor(), time, file, how);
    tasks.spawn(count());
    settle(io);
  }
  awaitable<void> count() {
    while (!co_await watch->changed()) ++changes;
  }
  void pass(std::chrono::milliseconds span) {
    settle(io);
    time.advance(span);
    settle(io);
  }

  temporary_directory home;
  fs::path file;
  asio::io_context io;
  manual_time time{io.get_executor()};
  std::unique_ptr<net::file_watch> watch;
  std::vector<std::string> warnings;
  int changes = 0;
  net::task_group tasks{io.get_executor()};
};

}  // namespace

TEST_CASE("a file rewritten in place is told of once it has settled", "[net][file_watch]") {
  watched at;
  put(at.file, "one");
  at.begin();
  at.pass(10s);
  CHECK(at.changes == 0);
  put(at.file, "two");
  at.pass(200ms);
  CHECK(at.changes == 0);
  at.pass(50ms);
  CHECK(at.changes == 1);
  at.pass(50s);
  CHECK(at.changes == 1);
  put(at.file, "three");
  at.pass(250ms);
  CHECK(at.changes == 2);
}

TEST_CASE("a file that another was renamed over is told of, and so are its later changes",
          "[net][file_watch]") {
  watched at;
  put(at.file, "one");
  at.begin();
  for (int i = 1; i <= 3; ++i) {
    put(at.home.path() / "config.toml.new", "next");
    fs::rename(at.home.path() / "config.toml.new", at.file);
    at.pass(250ms);
    CHECK(at.changes == i);
  }
  put(at.file, "in place");
  at.pass(250ms);
  CHECK(at.changes == 4);
}

TEST_CASE("a swapped link anywhere on the path is told of, as Kubernetes swaps ..data",
          "[net][file_watch]") {
  watched at;
  auto const home = at.home.path();
  for (auto const* version : {"..1", "..2", "..3"}) {
    fs::create_directory(home / version);
    put(home / version / "config.toml", version);
  }
  fs::create_directory_symlink("..1", home / "..data");
  fs::create_symlink("..data/config.toml", at.file);
  at.begin();
  int expected = 0;
  for (auto const* version : {"..2", "..3"}) {
    fs::create_directory_symlink(version, home / "..data_tmp");
    fs::rename(home / "..data_tmp", home / "..data");
    at.pass(250ms);
    CHECK(at.changes == ++expected);
  }
  // The target that is current now, and no longer the former one.
  put(home / "..1" / "config.toml", "old");
  at.pass(250ms);
  CHECK(at.changes == expected);
  put(home / "..3" / "config.toml", "new");
  at.pass(250ms);
  CHECK(at.changes == expected + 1);
}

TEST_CASE("a file is seen to come, to go and to come back, with the directories above it",
          "[net][file_watch]") {
  watched at("a/b/config.toml");
  at.begin();
  fs::create_directories(at.file.parent_path());
  put(at.file, "one");
  at.pass(250ms);
  CHECK(at.changes == 1);
  fs::remove(at.file);
  at.pass(250ms);
  CHECK(at.changes == 2);
  put(at.file, "two");
  at.pass(250ms);
  CHECK(at.changes == 3);
  // Far above, where nothing tells of it: found by the look once a minute.
  fs::rename(at.home.path() / "a", at.home.path() / "old");
  at.pass(60s);
  at.pass(250ms);
  CHECK(at.changes == 4);
}

TEST_CASE("changes without a pause are told of all the same, at most two seconds late",
          "[net][file_watch]") {
  watched at;
  put(at.file, "one");
  at.begin();
  for (int i = 0; i < 100; ++i) {
    put(at.file, std::to_string(i));
    at.pass(100ms);
  }
  CHECK(at.changes >= 4);
  CHECK(at.changes <= 5);
  at.pass(250ms);
  CHECK(at.changes == 5);
}

TEST_CASE("a file that its writer has not closed yet is waited for, but not for ever",
          "[net][file_watch]") {
  watched at;
  put(at.file, "one");
  at.begin();
  int const writer = ::open(at.file.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  REQUIRE(::write(writer, "ha", 2) == 2);
  at.pass(5s);
  CHECK(at.changes == 0);
  SECTION("until it is closed") {
    REQUIRE(::write(writer, "lf", 2) == 2);
    ::close(writer);
    at.pass(250ms);
    CHECK(at.changes == 1);
  }
  SECTION("ten seconds") {
    at.pass(5s);
    CHECK(at.changes == 1);
    ::close(writer);
  }
}

TEST_CASE("other files in the directory are nothing to tell of", "[net][file_watch]") {
  watched at;
  put(at.file, "one");
  at.begin();
  put(at.home.path() / ".runner_system_id", "s_0123456789ab");
  fs::remove(at.home.path() / ".runner_system_id");
  at.pass(10s);
  CHECK(at.changes == 0);
}

TEST_CASE("without inotify the file is looked at every three seconds, and that is said once",
          "[net][file_watch]") {
  watched at;
  put(at.file, "one");
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  int const next = ::dup(STDIN_FILENO);
  ::close(next);
  rlimit const none{static_cast<rlim_t>(next), before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  at.begin();
  at.pass(3s);
  at.pass(3s);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(at.warnings == std::vector<std::string>{"Too many open files"});
  put(at.file, "longer than before");
  at.pass(100ms);
  CHECK(at.changes == 0);
  at.pass(2900ms);  // looks, and is aided from now on
  at.pass(250ms);
  CHECK(at.changes == 1);
  put(at.file, "and again");
  at.pass(250ms);
  CHECK(at.changes == 2);
}

TEST_CASE("a change is not forgotten when the wait for it is cancelled", "[net][file_watch]") {
  watched at;
  put(at.file, "one");
  auto const watch = net::watch_file(at.io.get_executor(), at.time, at.file, {});
  auto const once = [&]() -> awaitable<void> {
    if (!co_await watch->changed()) ++at.changes;
  };
  net::task_group first(at.io.get_executor());
  first.spawn(once());
  settle(at.io);
  put(at.file, "two");
  settle(at.io);
  first.cancel();
  settle(at.io);
  REQUIRE(first.empty());
  CHECK(at.changes == 0);
  at.tasks.spawn(once());
  at.pass(250ms);
  CHECK(at.changes == 1);
}

}  // namespace corunner::test
