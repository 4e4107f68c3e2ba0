// Tokens that are renewed before they expire, with a real file, a GitLab in memory and manual time.

#include "runner/command/token_rotation.hpp"

#include "exec/dummy/dummy_executor.hpp"
#include "net/http_server.hpp"
#include "net/task_group.hpp"
#include "test/net/temporary_directory.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/memory_net.hpp"
#include "test/support/settle.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fmt/chrono.h>

#include <fstream>
#include <iterator>

namespace corunner::test {

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using wall_time = net::time_source::wall_time;

std::string iso(wall_time when) {
  return fmt::format("{:%FT%TZ}", std::chrono::time_point_cast<std::chrono::seconds>(when));
}

// A service with one entry whose token was issued at the start of time here.
struct rotating {
  explicit rotating(std::string const& more = {})
      : server(io.get_executor(), time,
               [this](net::http_exchange& exchange) { return handle(exchange); }) {
    fs::create_directory(home.path() / "etc");
    file = home.path() / "etc" / "config.toml";
    issued = time.wall_now();
    std::ofstream(file) << "concurrent = 1\n[[runners]]\n  name = \"one\"\n"
                           "  url = \"http://gitlab.test\"\n  token = \"glrt-first\"\n"
                           "  executor = \"dummy\"\n  limit = 1\n"
                           "  token_obtained_at = " << iso(issued) << "\n"
                           "  token_expires_at = " << iso(issued + 1000s) << "\n" << more;
    config_access access(all);
    auto loaded = access.load();
    REQUIRE(loaded.has_value());
    auto values = loaded->values;
    jobs.emplace(io.get_executor(), services_of_manager(), manager_options{}, values);
    config_reload::options how;
    how.file = file;
    how.also = [this](auto const&) { rotation->look_again(); };
    reload.emplace(all, *jobs, how, std::move(values), loaded->fingerprint);
    rotation.emplace(all, *jobs, *reload,
                     token_rotation::options{.file = file, .system_id = "s_0123456789ab"});
    tasks.spawn(server.serve(*listener));
    tasks.spawn(run_jobs());
    tasks.spawn(rotation->run());
    settle(io);
  }
  ~rotating() {
    jobs->stop_forcefully("terminated");
    settle(io);
    server.stop();
    tasks.cancel();
    settle(io);
    http.close_idle();
    settle(io);
  }

  awaitable<void> run_jobs() { co_await jobs->run(); }

  manager_services services_of_manager() {
    return {.time = time, .pool = pool, .http = http, .log = all.log,
            .make_executor = [this](std::string const&) -> std::unique_ptr<exec::executor> {
              return std::make_unique<exec::dummy_executor>(time, dummies);
            },
            .journal = record, .watch_log = {}, .remove_leftover = {}};
  }

  awaitable<void> handle(net::http_exchange& exchange) {
    auto const text = co_await exchange.read_all(1 << 20);
    auto const token = std::string(boost::json::parse(*text).at("token").as_string());
    if (exchange.path == "/api/v4/jobs/request") {
      polled.push_back(token);
      co_await exchange.respond(204, {}, "");
      co_return;
    }
    asked.push_back(exchange.path + " " + token);
    net::http_fields const json{{"Content-Type", "application/json"}};
    std::string reply = R"({"message":"no"})";
    if (!refuse) {
      reply = fmt::format(R"({{"id":1,"token":"glrt-next{}","token_expires_at":"{}"}})", ++given,
                          iso(time.wall_now() + life));
    }
    co_await exchange.respond(refuse ? 403 : 201, json, std::move(reply));
  }

  void pass(std::chrono::seconds span) {
    auto const end = time.now() + span;
    settle(io);
    while (time.next_deadline() <= end) {
      time.advance(std::max<net::time_source::duration>(time.next_deadline() - time.now(), 0s));
      settle(io);
    }
    time.advance(end - time.now());
    settle(io);
  }
  std::string saved() const {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::size_t said(std::string_view text) const {
    std::size_t count = 0;
    for (auto const& line : lines) count += line.find(text) != std::string::npos;
    return count;
  }

  temporary_directory home;
  fs::path file;
  asio::io_context io;
  manual_time time{io.get_executor()};
  wall_time issued;
  net::blocking_pool pool{0};
  memory_dialer network{io.get_executor()};
  std::unique_ptr<net::listener> listener = network.listen("gitlab.test", 80);
  std::vector<std::string> lines;
  log_target output{time, [this](std::string_view line) { lines.emplace_back(line); }};
  services all{io,
               time,
               pool,
               network,
               [](std::string_view) { return std::nullopt; },
               output,
               logger(output),
               "corunner",
               home.path() / "etc" / "config.toml"};
  net::http_client http{network, time, {}};
  exec::dummy_world dummies;
  journal record{make_scratch_storage()};
  std::vector<std::string> asked;
  std::vector<std::string> polled;
  bool refuse = false;
  int given = 0;
  std::chrono::seconds life = 1000s;
  net::http_server server;
  std::optional<manager> jobs;
  std::optional<config_reload> reload;
  std::optional<token_rotation> rotation;
  net::task_group tasks{io.get_executor()};
};

}  // namespace

TEST_CASE("a token is due at three quarters of its life, at once when its issue is not known",
          "[command][tokens]") {
  config::runner_entry entry;
  CHECK_FALSE(renewal_due(entry));
  entry.token_expires_at = wall_time(1000s);
  CHECK(renewal_due(entry) == wall_time{});
  entry.token_obtained_at = wall_time(200s);
  CHECK(renewal_due(entry) == wall_time(800s));
}

TEST_CASE("a due token is renewed, saved, and used by the next request for a job",
          "[command][tokens]") {
  rotating w;
  w.pass(749s);
  CHECK(w.asked.empty());
  w.pass(2s);
  CHECK(w.asked ==
        std::vector<std::string>{"/api/v4/runners/reset_authentication_token glrt-first"});
  CHECK(w.said("Resetting runner authentication token... succeeded") == 1);
  CHECK(w.saved().find("token = \"glrt-next1\"") != std::string::npos);
  CHECK(w.rotation->saved().done == 1);
  CHECK(w.rotation->saved().failed == 0);
  CHECK(w.saved().find("limit = 1") != std::string::npos);
  CHECK(w.saved().find("token_expires_at = " + iso(w.issued + 1750s)) != std::string::npos);
  w.pass(5s);
  CHECK(w.polled.back() == "glrt-next1");
  // The saved file is what runs: the entry is not a new one.
  CHECK(w.said("runners_added") == 0);
  {
    metrics all;
    w.jobs->figures().add_to(all, "s");
    CHECK(all.text().find(R"(gitlab_runner_api_request_statuses_total{endpoint="reset_token",)"
                          R"(method="post",runner="first",status="201",system_id="s"} 1)") !=
          std::string::npos);
  }
  w.pass(750s);
  CHECK(w.asked.size() == 2);
  CHECK(w.asked.back().ends_with(" glrt-next1"));
}

TEST_CASE("a refused renewal is tried less and less often, jobs are asked for on",
          "[command][tokens]") {
  rotating w;
  w.refuse = true;
  w.pass(751s);
  CHECK(w.asked.size() == 1);
  w.pass(3600s);
  CHECK((w.asked.size() > 4 && w.asked.size() < 20));
  CHECK(w.said("Resetting runner authentication token... failed (check used token)") ==
        w.asked.size());
  CHECK(w.polled.size() > 1000);
  w.refuse = false;
  w.pass(3700s);
  CHECK(w.saved().find("glrt-next") != std::string::npos);
}

TEST_CASE("FF_DISABLE_AUTOMATIC_TOKEN_ROTATION: one warning, no call", "[command][tokens]") {
  rotating w("  [runners.feature_flags]\n    FF_DISABLE_AUTOMATIC_TOKEN_ROTATION = true\n");
  w.pass(7200s);
  CHECK(w.asked.empty());
  CHECK(w.said("Automatic token rotation is disabled for runner: first-s_0123456789ab. Your token "
               "is about to expire") == 1);
}

TEST_CASE("a token that is due as soon as it is given does not keep us busy", "[command][tokens]") {
  rotating w;
  w.life = 0s;
  w.pass(751s);
  CHECK(w.asked.size() == 1);
  w.pass(60s);
  CHECK(w.asked.size() <= 7);
}

TEST_CASE("a file that cannot be written is said before the server forgets the old token",
          "[command][tokens]") {
  rotating w;
  fs::remove_all(w.file.parent_path());
  w.pass(800s);
  CHECK(w.asked.empty());
  CHECK(w.said("cannot be written, and the new one must be kept") >= 1);
}

TEST_CASE("a renewed token that cannot be saved is used and saved later", "[command][tokens]") {
  rotating w;
  // A file that is being edited cannot be understood for a while.
  auto const good = w.saved();
  std::ofstream(w.file) << "[[runners]\n";
  w.pass(760s);
  CHECK(w.asked.size() == 1);
  CHECK(w.said("cannot save a renewed token") >= 1);
  CHECK(w.rotation->saved().failed == w.said("cannot save a renewed token"));
  CHECK(w.polled.back() == "glrt-next1");
  std::ofstream(w.file) << good;
  w.pass(31s);
  CHECK(w.saved().find("glrt-next1") != std::string::npos);
  CHECK(w.asked.size() == 1);
}

}  // namespace corunner::test
