// health-check and read-logs on manual time.
#include "runner/helper/health_check.hpp"
#include "runner/helper/read_logs.hpp"
#include "test/exec/script/real_shell.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/memory_net.hpp"
#include "test/support/settle.hpp"

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch_test_macros.hpp>

#include <array>
#include <filesystem>
#include <optional>

using namespace corunner;
using namespace std::chrono_literals;

namespace {

struct health {
  asio::io_context io{1};
  test::manual_time time{io.get_executor()};
  test::memory_dialer net{io.get_executor()};
  std::string told;
  bool done = false;

  void start(health_check_target where) {
    auto wait = wait_for_health(net, time, std::move(where), [this](std::string_view line) {
      told += std::string(line) + '\n';
    });
    asio::co_spawn(io, std::move(wait), [this](std::exception_ptr failure) { done = !failure; });
    test::settle(io);
  }
  void pass(std::chrono::seconds how_long) {
    for (; how_long > 0s; how_long -= 1s) {
      time.advance(1s);
      test::settle(io);
    }
  }
};

TEST_CASE("a health check waits for every port that is named", "[helper][health]") {
  health h;
  h.start({"localhost", {"5432", "80"}, true});
  auto const first = h.net.listen("localhost", 5432);
  h.pass(3s);
  CHECK_FALSE(h.done);
  auto const second = h.net.listen("localhost", 80);
  h.pass(1s);
  CHECK(h.done);
  CHECK(
      h.told ==
      "waiting for TCP connection to localhost on [5432 80]...\n"
      "dialing localhost:5432...\ndialing localhost:80...\n"
      "dialing localhost:5432...\ndial succeeded on localhost:5432. Exiting...\ndialing localhost:80...\n"
      "dialing localhost:80...\ndialing localhost:80...\n"
      "dialing localhost:80...\ndial succeeded on localhost:80. Exiting...\n");
}

TEST_CASE("a health check of linked services is content with one port", "[helper][health]") {
  std::array<std::string, 6> const entries{"A_PORT_1_TCP_ADDR=first",  "A_PORT_1_TCP_PORT=1",
                                           "B_PORT_2_TCP_ADDR=second", "B_PORT_2_TCP_PORT=2",
                                           "C_TCP_ADDR=with=equals",   "PATH=/bin"};
  auto const found = linked_services(entries);
  CHECK(found.host == "second");
  CHECK(found.ports == std::vector<std::string>{"1", "2"});
  health h;
  auto const only = h.net.listen("second", 2);
  h.start(found);
  CHECK(h.done);
}

TEST_CASE("a health check goes on for as long as nobody answers, also with a word for a port",
          "[helper][health]") {
  health h;
  h.start({"localhost", {"http", "1"}, false});
  h.pass(7200s);
  CHECK_FALSE(h.done);
  CHECK(h.net.dialed().size() == 7201);
  auto const at_last = h.net.listen("localhost", 1);
  h.pass(1s);
  CHECK(h.done);
}

struct log_reader {
  asio::io_context io{1};
  test::manual_time time{io.get_executor()};
  test::scratch_directory dir;
  std::string shown;
  std::optional<int> code;

  void start(std::int64_t offset = 0, std::chrono::milliseconds wait = 1s) {
    auto reading =
        read_logs(time, {dir / "log", offset, wait}, [this](auto text) { shown += text; });
    asio::co_spawn(io, std::move(reading),
                   [this](std::exception_ptr, int result) { code = result; });
    test::settle(io);
  }
  void pass(std::chrono::milliseconds how_long) {
    time.advance(how_long);
    test::settle(io);
  }
};

TEST_CASE("a log is followed until its file goes", "[helper][logs]") {
  log_reader r;
  r.dir.write("log", "first\n\nhalf");
  r.start(2);
  CHECK(r.shown == "6 rst\n7 \n11 half\n");
  r.dir.write("log", "first\n\nhalf line\n");
  r.pass(500ms);
  CHECK(r.shown == "6 rst\n7 \n11 half\n17  line\n");
  std::filesystem::remove(r.dir / "log");
  CHECK_FALSE(r.code);
  r.pass(500ms);
  CHECK(r.code == 100);
}

TEST_CASE("a log's lines are cut after 16 KiB", "[helper][logs]") {
  log_reader r;
  std::string const piece(16384, 'x');
  r.dir.write("log", piece + piece + "yy\n" + piece + "\nend\n");
  r.start();
  // A line of just that size ends behind what was shown of it.
  CHECK(r.shown == "16384 " + piece + "\n32768 " + piece + "\n32771 yy\n49155 " + piece +
                       "\n49156 \n49160 end\n");
}

TEST_CASE("a log that does not appear is waited for in whole seconds", "[helper][logs]") {
  log_reader r;
  r.start(0, 2900ms);
  r.pass(1s);
  CHECK_FALSE(r.code);
  r.pass(1s);
  CHECK(r.code == 1);
  CHECK(r.shown ==
        "error reading logs from " + r.dir / "log: timeout waiting for file to be created\n");

  log_reader late;
  late.start(0, 2s);
  late.dir.write("log", "here\n");
  late.pass(1s);
  CHECK(late.shown == "5 here\n");
}

TEST_CASE("what cannot be read is told where the log is expected", "[helper][logs]") {
  log_reader directory;
  std::filesystem::create_directory(directory.dir / "log");
  directory.start();
  CHECK(directory.code == 1);
  auto const path = directory.dir / "log";
  CHECK(directory.shown ==
        "error reading logs from " + path + ": read " + path + ": is a directory\n");

  log_reader negative;
  negative.dir.write("log", "x");
  negative.start(-1);
  CHECK(negative.code == 1);
  CHECK(negative.shown.ends_with("/log: invalid argument\n"));

  log_reader hasty;
  hasty.start(0, 999ms);
  CHECK(hasty.code == 1);
  CHECK(hasty.shown.ends_with(": no attempts to open log file configured\n"));
}

}  // namespace
