// The rules by which a changed file is taken, with real files on manual time.

#include "runner/command/config_reload.hpp"

#include "net/task_group.hpp"
#include "test/net/temporary_directory.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/memory_net.hpp"
#include "test/support/settle.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>

namespace corunner::test {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct reloading {
  reloading() : file(home.path() / "config.toml") {}
  ~reloading() {
    tasks.cancel();
    settle(io);
  }

  void write(std::string const& text) {
    std::ofstream(file) << text;
    pass(250ms);
  }
  void pass(std::chrono::milliseconds span) {
    settle(io);
    time.advance(span);
    settle(io);
  }
  // The file as it is now runs already.
  void begin() {
    config_access access(all);
    auto loaded = access.load();
    REQUIRE(loaded.has_value());
    config_reload::options how;
    how.file = file;
    how.also = [this](config::configuration const& values) { taken.push_back(values.concurrent); };
    reload = std::make_unique<config_reload>(all, jobs, how, loaded->values, loaded->fingerprint);
    tasks.spawn(reload->run());
    settle(io);
    lines.clear();
  }
  std::size_t said(std::string_view text) const {
    std::size_t count = 0;
    for (auto const& line : lines) count += line.find(text) != std::string::npos;
    return count;
  }
  config_standing const& standing() const { return reload->standing(); }

  temporary_directory home;
  fs::path file;
  asio::io_context io;
  manual_time time{io.get_executor()};
  net::blocking_pool pool{0};
  memory_dialer network{io.get_executor()};
  std::vector<std::string> lines;
  std::vector<std::int64_t> taken;
  log_target output{time, [this](std::string_view line) { lines.emplace_back(line); }};
  services all{
      io,     time,           pool,       network, [](std::string_view) { return std::nullopt; },
      output, logger(output), "corunner", file};
  net::http_client http{network, time, {}};
  journal record{make_scratch_storage()};
  manager jobs{io.get_executor(),
               {.time = time, .pool = pool, .http = http, .log = all.log, .make_executor = {},
                .journal = record, .watch_log = {}, .remove_leftover = {}},
               {},
               {}};
  std::unique_ptr<config_reload> reload;
  net::task_group tasks{io.get_executor()};
};

}  // namespace

TEST_CASE("a changed file is taken over and said with what changed", "[command][reload]") {
  reloading at;
  at.write("concurrent = 1\n");
  at.begin();
  at.write("concurrent = 3\ncheck_interval = 7\n");
  CHECK(at.taken == std::vector<std::int64_t>{3});
  CHECK(at.said("Configuration loaded") == 1);
  CHECK(at.said("concurrent,check_interval") == 1);
  CHECK(at.standing().loads == 2);
}

TEST_CASE("the same content is nothing new, however often it is written", "[command][reload]") {
  reloading at;
  at.write("concurrent = 1\n");
  at.begin();
  at.write("concurrent = 1\n");
  at.write("concurrent = 1\n");
  CHECK(at.lines.empty());
  CHECK(at.standing().loads == 1);
}

TEST_CASE("asked for, the same content is loaded all the same", "[command][reload]") {
  reloading at;
  at.write("concurrent = 1\n");
  at.begin();
  at.reload->now();
  settle(at.io);
  CHECK(at.said("Configuration loaded") == 1);
  CHECK(at.standing().loads == 2);
}

TEST_CASE("a broken file is said and counted once per content, and taken once it is right",
          "[command][reload]") {
  reloading at;
  at.write("concurrent = 1\n");
  at.begin();
  at.write("concurrent = \n");
  at.pass(10min);
  at.write("concurrent = \n");
  CHECK(at.said("Failed to load config decoding configuration file: ") == 1);
  CHECK(at.standing().errors == 1);
  CHECK_FALSE(at.standing().trouble.empty());
  at.write("concurrent = 'two'\n");
  CHECK(at.said("Failed to load config") == 2);
  CHECK(at.standing().errors == 2);
  CHECK(at.taken.empty());
  at.write("concurrent = 2\n");
  CHECK(at.taken == std::vector<std::int64_t>{2});
  CHECK(at.standing().trouble.empty());
}

TEST_CASE("a broken file that becomes again what runs is well", "[command][reload]") {
  reloading at;
  at.write("concurrent = 1\n");
  at.begin();
  at.write("concurrent = \n");
  at.write("concurrent = 1\n");
  CHECK(at.said("Configuration loaded") == 1);
  CHECK(at.standing().trouble.empty());
  CHECK(at.taken.empty());
  at.write("concurrent = \n");
  CHECK(at.said("Failed to load config") == 2);
}

TEST_CASE("a file that is missing or empty while it is being replaced is not said",
          "[command][reload]") {
  reloading at;
  at.write("concurrent = 4\n");
  at.begin();
  at.write("");
  at.pass(300ms);
  at.write("concurrent = 5\n");
  fs::remove(at.file);
  at.pass(500ms);
  at.write("concurrent = 6\n");
  at.pass(10s);
  CHECK(at.taken == std::vector<std::int64_t>{5, 6});
  CHECK(at.said("Failed to load config") == 0);
}

TEST_CASE("a file that is missing or empty leaves everything as it is", "[command][reload]") {
  reloading at;
  at.write("concurrent = 4\n");
  at.begin();
  fs::remove(at.file);
  at.pass(250ms);
  at.pass(1s);
  CHECK(at.said("no such file or directory") == 1);
  at.write(" \n");
  at.pass(1s);
  CHECK(at.said("is empty") == 1);
  at.reload->now();
  settle(at.io);
  CHECK(at.said("is empty") == 2);
  CHECK(at.taken.empty());
  CHECK(at.standing().errors == 0);
  at.write("concurrent = 5\n");
  CHECK(at.taken == std::vector<std::int64_t>{5});
}

TEST_CASE("a file that is missing at the start is taken when it comes", "[command][reload]") {
  reloading at;
  at.begin();
  at.pass(1s);
  CHECK_FALSE(at.standing().trouble.empty());
  at.write("concurrent = 2\n");
  CHECK(at.taken == std::vector<std::int64_t>{2});
}

TEST_CASE("log settings are checked before anything is taken, and go back when they are removed",
          "[command][reload]") {
  reloading at;
  at.write("log_level = 'warning'\n");
  at.begin();
  at.write("concurrent = 9\nlog_level = 'loud'\n");
  CHECK(at.said("not a valid logrus Level") == 1);
  CHECK(at.taken.empty());
  CHECK(at.standing().errors == 0);  // the file itself is well
  at.write("log_format = 'json'\nlog_level = 'debug'\n");
  CHECK(at.output.level() == log_level::debug);
  CHECK(at.output.format() == log_format::json);
  at.write("concurrent = 9\n");
  CHECK(at.output.level() == log_level::info);
  CHECK(at.output.format() == log_format::runner);
}

TEST_CASE("a level or format of the command line stays", "[command][reload]") {
  reloading at;
  at.write("concurrent = 1\n");
  at.all.level_given = true;
  at.begin();
  at.write("log_level = 'debug'\n");
  CHECK(at.output.level() == log_level::info);
}

TEST_CASE("nothing is taken once the manager was told to stop", "[command][reload]") {
  reloading at;
  at.write("concurrent = 1\n");
  at.begin();
  at.jobs.stop_gracefully();
  at.write("concurrent = 2\n");
  CHECK(at.taken.empty());
  CHECK(at.lines.empty());
}

}  // namespace corunner::test
