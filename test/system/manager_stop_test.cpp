// Signals of the service `run`, row by row: what it says, what it sends, how and when it ends.

#include "test/system/support/fake_gitlab.hpp"
#include "test/system/support/files.hpp"
#include "test/system/support/proc.hpp"
#include "test/system/support/world.hpp"

#include <catch2/generators/catch_generators.hpp>

#include <csignal>

namespace corunner::test {

namespace {

using std::chrono::milliseconds;

// A service that asks a GitLab in the test, which hands out one job if there is a script.
struct service_world : world {
  void hand_out(std::string script) {
    server.on_poll = [script, given = false](auto const&) mutable {
      if (std::exchange(given, true)) return fake_gitlab::reply{};
      return fake_gitlab::hand_out(fake_gitlab::job(1, {script}));
    };
  }
  child& start_service(std::string const& global = {}, std::vector<std::string> before = {}) {
    auto const config =
        configure({.url = server.url(), .token = "glrt-stop", .global = global, .entry = entry});
    before.insert(before.end(), {"run", "--config", config.string()});
    service.emplace(loop, program(std::move(before)));
    return *service;
  }
  // Until the job's output has come.
  void wait_for_log(std::string_view text) {
    REQUIRE(loop.run_until([&] { return server.log_of(1).find(text) != std::string::npos; }));
  }
  void wait_for_poll() {
    REQUIRE(loop.run_until([&] { return !server.polls().empty(); }));
  }
  std::string last_state() const {
    auto const all = server.calls_of("PUT", "/jobs/1");
    return all.empty() ? std::string() : all.back().text("state");
  }
  bool in_order(std::initializer_list<std::string_view> texts) const {
    std::size_t at = 0;
    for (auto const text : texts) {
      at = service->err().find(text, at);
      if (at == std::string::npos) return false;
    }
    return true;
  }

  fake_gitlab server{loop};
  std::optional<child> service;
  std::string entry;
};

char const* name_of(int signal) {
  return signal == SIGQUIT ? "quit" : signal == SIGINT ? "interrupt" : "terminated";
}

}  // namespace

TEST_CASE("an idle service ends with 0 on QUIT and says so with the words that log tools know",
          "[system][signals]") {
  service_world w;
  auto& service = w.start_service();
  w.wait_for_poll();
  service.signal(SIGQUIT);
  CHECK(service.wait() == 0);
  INFO(service.err());
  CHECK(w.in_order({"WARNING: [runWait] received stop signal", "stop-signal",
                    "WARNING: Starting graceful shutdown, waiting for builds to finish",
                    "All workers stopped.", "Can exit now!"}));
}

TEST_CASE("an idle service ends with 0 on TERM and INT", "[system][signals]") {
  int const signal = GENERATE(SIGTERM, SIGINT);
  service_world w;
  auto& service = w.start_service("shutdown_timeout = 7\n", {"--log-format", "text"});
  w.wait_for_poll();
  service.signal(signal);
  CHECK(service.wait() == 0);
  INFO(service.err());
  CHECK(w.in_order({std::string("stop-signal=") + name_of(signal),
                    "Graceful shutdown not finished properly. To gracefully clean up running "
                    "plugins please use SIGQUIT",
                    std::string("error=\"received stop signal: ") + name_of(signal),
                    "Starting forceful shutdown", std::string("StopSignal=") + name_of(signal),
                    "shutdown-timeout=7s", "Can exit now!"}));
}

TEST_CASE("a held poll ends at once with a stop", "[system][signals]") {
  int const signal = GENERATE(SIGTERM, SIGQUIT);
  service_world w;
  w.server.on_poll = [](auto const&) { return fake_gitlab::reply{.after = milliseconds(60'000)}; };
  auto& service = w.start_service();
  w.wait_for_poll();
  auto const began = w.loop.time.now();
  service.signal(signal);
  CHECK(service.wait() == 0);
  CHECK(w.loop.time.now() - began < std::chrono::seconds(30));
}

TEST_CASE("USR1, USR2 and a HUP during a stop have no effect; USR1 shows the state when debugging",
          "[system][signals]") {
  service_world w;
  w.hand_out("echo begun; while [ ! -e '" + w.path("go").string() + "' ]; do sleep 0.05; done");
  auto& service = w.start_service({}, {"--log-level", "debug"});
  w.wait_for_log("begun");
  service.signal(SIGUSR2);
  service.signal(SIGUSR1);
  service.wait_for_error("=== received SIGUSR1 ===");
  service.wait_for_error("*** end");
  service.signal(SIGQUIT);
  service.wait_for_error("Starting graceful shutdown");
  auto const loads = count_of("Configuration loaded", service.err());
  service.signal(SIGHUP);
  service.signal(SIGQUIT);
  service.wait_for_error("[handleGracefulShutdown] received stop signal");
  write_file(w.path("go"), "");
  CHECK(service.wait() == 0);
  CHECK(count_of("Configuration loaded", service.err()) == loads);
  CHECK(w.last_state() == "success");
}

TEST_CASE("a slow final update is waited for within shutdown_timeout", "[system][signals]") {
  service_world w;
  w.hand_out("echo begun; sleep " + world::nap());
  w.server.on_call = [](fake_gitlab::call const& one) {
    bool const is_end = one.text("state") == "failed";
    return is_end ? fake_gitlab::reply{.after = milliseconds(1'500)} : fake_gitlab::reply{};
  };
  auto& service = w.start_service();
  w.wait_for_log("begun");
  service.signal(SIGTERM);
  CHECK(service.wait() == 0);
  CHECK(w.last_state() == "failed");
  auto const end = w.server.calls_of("PUT", "/jobs/1").back();
  CHECK(end.text("failure_reason") == "runner_interrupted");
  CHECK(w.server.log_of(1).find("aborted: terminated") != std::string::npos);
}

TEST_CASE("another signal while a forced stop waits ends the service at once with 1",
          "[system][signals]") {
  int const second = GENERATE(SIGTERM, SIGINT, SIGQUIT);
  service_world w;
  w.hand_out("echo begun; sleep " + world::nap());
  w.server.on_call = [](fake_gitlab::call const& one) {
    bool const is_end = one.text("state") == "failed";
    return is_end ? fake_gitlab::reply{.after = milliseconds(60'000)} : fake_gitlab::reply{};
  };
  auto& service = w.start_service({}, {"--log-format", "text"});
  w.wait_for_log("begun");
  service.signal(SIGTERM);
  REQUIRE(w.loop.run_until([&] { return w.last_state() == "failed"; }));
  service.signal(second);
  CHECK(service.wait() == 1);
  INFO(service.err());
  CHECK(w.in_order({"Forceful shutdown not finished properly", "level=fatal", "Service run failed",
                    std::string("forced exit with stop signal: ") + name_of(second)}));
}

TEST_CASE("a stop that takes longer than shutdown_timeout ends with 1", "[system][signals]") {
  service_world w;
  w.hand_out("echo begun; sleep " + world::nap());
  w.server.on_call = [](fake_gitlab::call const& one) {
    bool const is_end = one.text("state") == "failed";
    return is_end ? fake_gitlab::reply{.after = milliseconds(60'000)} : fake_gitlab::reply{};
  };
  auto& service = w.start_service("shutdown_timeout = 1\n", {"--log-format", "text"});
  w.wait_for_log("begun");
  service.signal(SIGTERM);
  CHECK(service.wait() == 1);
  CHECK(service.err().find("error=\"shutdown timed out\"") != std::string::npos);
}

TEST_CASE("a script that ignores TERM does not outlive the service", "[system][signals]") {
  // GitLab Runner leaves it running.
  service_world w;
  auto const nap = world::nap();
  w.hand_out("trap '' TERM INT; echo begun; while :; do sleep " + nap + "; done");
  auto& service = w.start_service("shutdown_timeout = 1\n");
  w.wait_for_log("begun");
  REQUIRE_FALSE(processes_with(nap).empty());
  service.signal(SIGTERM);
  CHECK(service.wait() == 1);
  CHECK(w.loop.run_until([&] { return processes_with(nap).empty(); }, std::chrono::seconds(10)));
}

}  // namespace corunner::test
