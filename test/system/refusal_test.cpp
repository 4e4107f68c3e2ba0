// Servers that cannot be used: one clear message each, and the right exit code.

#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/http_peer.hpp"

#include <csignal>

namespace corunner::test {

namespace {

struct refused {
  int code = 0;
  std::string errors;
};

refused ended(child& command) {
  int const code = command.wait();
  return {code, command.err()};
}

// The three commands that talk to a server first.
struct commands {
  world& w;
  std::string url;
  std::string token = "glrt-0123456789abcdefghij";
  std::string more;  // of the runner entry

  refused register_runner(std::vector<std::string> arguments = {}) {
    std::vector<std::string> all{"register", "--config", w.path("new.toml").string(),
                                 "--non-interactive", "--url", url, "--token", token,
                                 "--executor", "shell"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    auto command = w.start(std::move(all));
    return ended(command);
  }
  refused verify() {
    auto command = w.start({"verify", "--config", config().string()});
    return ended(command);
  }
  refused run_once() {
    auto command = w.start_run(config(), {"--once"});
    return ended(command);
  }
  std::filesystem::path config() {
    return w.configure({.url = url, .token = token, .entry = more});
  }
};

// `message` stands in exactly one line of each command that is not run again.
void check_message(refused const& result, int code, std::string const& message) {
  INFO(result.errors);
  CHECK(result.code == code);
  CHECK(count_of(message, result.errors) >= 1);
}

awaitable<void> answer_verify(net::http_exchange& exchange) {
  co_await exchange.read_all(1 << 20);
  bool const verify = exchange.path == "/api/v4/runners/verify";
  net::http_fields const fields{{"Content-Type", "application/json"}};
  co_await exchange.respond(verify ? 200 : 404, fields,
                            verify ? R"({"id":7,"token":"glrt-0123456789abcdefghij"})" : "{}");
}

}  // namespace

TEST_CASE("a server with a certificate of an unknown authority is refused by every command",
          "[system][refusal]") {
  world w;
  test_authority authority(w.path("tmp"));
  http_peer peer(w.loop, answer_verify, authority.issue("gitlab", "IP:127.0.0.1"));
  commands to{w, peer.url()};
  check_message(to.register_runner(), 1, "x509: certificate signed by unknown authority");
  CHECK_FALSE(std::filesystem::exists(w.path("new.toml")));
  check_message(to.verify(), 0, "x509: certificate signed by unknown authority");
  check_message(to.run_once(), 2, "x509: certificate signed by unknown authority");
}

TEST_CASE("the same server is good with its authority in tls-ca-file", "[system][refusal]") {
  world w;
  test_authority authority(w.path("tmp"));
  http_peer peer(w.loop, answer_verify, authority.issue("gitlab", "IP:127.0.0.1"));
  commands to{w, peer.url()};
  check_message(to.register_runner({"--tls-ca-file", authority.file().string()}), 0, "is valid");
  CHECK(read_file(w.path("new.toml")).find("tls-ca-file") != std::string::npos);
  to.more = "  tls-ca-file = \"" + authority.file().string() + "\"\n";
  check_message(to.verify(), 0, "is valid");
}

TEST_CASE("a certificate for another host or out of date is refused", "[system][refusal]") {
  world w;
  test_authority authority(w.path("tmp"));
  http_peer other(w.loop, answer_verify, authority.issue("other", "DNS:other.test"));
  http_peer old(w.loop, answer_verify, authority.issue("old", "IP:127.0.0.1", -3600, -60));
  std::vector<std::string> const trust{"--tls-ca-file", authority.file().string()};
  commands to{w, other.url()};
  check_message(
      to.register_runner(trust), 1,
      "x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs");
  to.url = old.url();
  check_message(to.register_runner(trust), 1, "x509: certificate has expired");
}

TEST_CASE("a token that the server does not know is refused by every command",
          "[system][refusal]") {
  world w;
  gitlab_program gitlab(w, {});
  commands to{w, gitlab.url()};
  check_message(to.register_runner(), 1, "Verifying runner... is not valid");
  CHECK_FALSE(std::filesystem::exists(w.path("new.toml")));
  check_message(to.verify(), 1, "Verifying runner... is not valid");
  auto const once = to.run_once();
  check_message(once, 2, "no job can be asked for");
  CHECK(once.errors.find("403 Forbidden") != std::string::npos);
  CHECK(once.errors.find(to.token) == std::string::npos);
}

TEST_CASE("a URL that is none is refused by every command", "[system][refusal]") {
  world w;
  commands to{w, "gitlab.example.com"};
  check_message(to.register_runner(), 1, "gitlab.example.com");
  check_message(to.run_once(), 2, "cannot use url 'gitlab.example.com'");
  check_message(to.verify(), 0, "cannot use url 'gitlab.example.com'");
}

TEST_CASE("a host that does not answer is named; run --once goes on trying until it is there",
          "[system][refusal]") {
  world w;
  auto const repo = w.make_repository("repo", "job: {script: ['true']}\n");
  gateway between(w.loop);
  gitlab_program gitlab(w, {"--repo", repo.string(), "--advertise-url", between.url()});
  between.lead_to(gitlab.address());
  between.go_away();
  commands to{w, between.url(), gitlab.runner_token(), ""};
  check_message(to.register_runner(), 1, "Connection refused");
  check_message(to.verify(), 0, "Connection refused");

  auto once = w.start_run(to.config(), {"--once"});
  once.wait_for_error("Connection refused");
  between.come_back();
  CHECK(once.wait() == 0);
}

TEST_CASE("a host without an address is named", "[system][refusal]") {
  world w;
  commands to{w, "http://nobody.invalid"};
  check_message(to.register_runner(), 1, "http://nobody.invalid");
  auto once = w.start_run(to.config(), {"--once"});
  once.wait_for_error("http://nobody.invalid");
  once.signal(SIGINT);
  CHECK(once.wait() == 130);
}

}  // namespace corunner::test
