// `corunner runners` and `register` by access token with a GitLab whose authority is the house's
// own.

#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/http_peer.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace corunner::test {

namespace {

// A GitLab behind TLS, and its administrator.
struct secured_administration : world {
  secured_administration()
      : authority(directory("certificates")),
        gitlab(*this, {}),
        front(loop, authority.issue("server", "IP:127.0.0.1")) {
    front.lead_to(gitlab.url());
  }
  std::filesystem::path directory(std::string const& name) {
    std::filesystem::create_directories(path(name));
    return path(name);
  }
  finished run_with_token(std::vector<std::string> words,
                          std::map<std::string, std::string> more = {}) {
    more["GITLAB_TOKEN"] = gitlab.administrator_token();
    auto one = start(std::move(words), {.directory = {}, .environment = std::move(more)});
    auto const code = one.wait();
    return {code, one.out(), one.err()};
  }

  test_authority authority;
  gitlab_program gitlab;
  gateway front;
};

constexpr int no_answer = 4;

}  // namespace

TEST_CASE(
    "runners trusts the authority that --tls-ca-file, the environment or its file names, and no other",
    "[system][runners][tls]") {
  secured_administration w;
  test_authority other(w.directory("other"), "other authority");
  auto const list = [&](std::vector<std::string> more,
                        std::map<std::string, std::string> variables = {}) {
    more.insert(more.begin(), {"runners", "list", "--all", "--url", w.front.url()});
    return w.run_with_token(std::move(more), std::move(variables));
  };
  auto const stranger = list({});
  CHECK(stranger.code == no_answer);
  CHECK(stranger.err.find("x509: certificate signed by unknown authority") != std::string::npos);
  CHECK(list({"--tls-ca-file", other.file().string()}).code == no_answer);
  CHECK(w.front.seen().empty());  // the access token went to nobody

  auto const trusted = list({"--tls-ca-file", w.authority.file().string()});
  CAPTURE(trusted.err);
  CHECK(trusted.code == 0);
  CHECK(list({}, {{"CI_SERVER_TLS_CA_FILE", w.authority.file().string()}}).code == 0);

  write_file(w.path("home/.config/corunner/runners.toml"),
             "[[gitlab]]\nurl = \"" + w.front.url() + "\"\ntls_ca_file = \"" +
                 w.authority.file().string() + "\"\n");
  std::filesystem::permissions(w.path("home/.config/corunner/runners.toml"),
                               std::filesystem::perms(0600));
  CHECK(list({}).code == 0);
  CHECK(w.front.count("GET", "/api/v4/runners/all") == 3);
}

TEST_CASE("a CA file that is none is named", "[system][runners][tls]") {
  secured_administration w;
  write_file(w.path("bad.crt"), "not PEM\n");
  auto const told = w.run_with_token({"runners", "list", "--all", "--url", w.front.url(),
                                      "--tls-ca-file", w.path("bad.crt").string()});
  CAPTURE(told.err);
  CHECK(told.code != 0);
  CHECK(told.err.find(w.path("bad.crt").string()) != std::string::npos);
  CHECK(w.front.seen().empty());
}

TEST_CASE(
    "register makes a runner by access token over TLS, and its entry trusts the same authority",
    "[system][register][tls]") {
  secured_administration w;
  auto const made =
      w.run_with_token({"register", "--non-interactive", "--config", w.path("new.toml").string(),
                        "--url", w.front.url(), "--instance", "--executor", "shell",
                        "--tls-ca-file", w.authority.file().string()});
  CAPTURE(made.err);
  REQUIRE(made.code == 0);
  CHECK(w.front.count("POST", "/api/v4/user/runners") == 1);
  CHECK(
      read_file(w.path("new.toml")).find("tls-ca-file = \"" + w.authority.file().string() + '"') !=
      std::string::npos);
  auto const verified = w.run_with_token({"verify", "--config", w.path("new.toml").string()});
  CAPTURE(verified.err);
  CHECK(verified.code == 0);
  CHECK(verified.err.find("is valid") != std::string::npos);
}

}  // namespace corunner::test
