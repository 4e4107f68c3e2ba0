// A runner that reaches GitLab only through a proxy: squid and microsocks, as they are packaged.

#include "test/system/support/daemon.hpp"
#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/http_peer.hpp"

#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

namespace corunner::test {

namespace {

constexpr auto pipeline = R"yml(
job:
  script:
    - echo "made by $CI_JOB_NAME" > made.txt
    - git log -1 --format=%s
  artifacts: {paths: [made.txt]}
)yml";

// GitLab behind a gateway that calls itself `host`; with TLS when `secure`.
struct proxied_world : world {
  proxied_world(std::string const& host, bool secure) {
    std::filesystem::create_directories(path("certificates"));
    authority.emplace(path("certificates"));
    std::optional<test_authority::pair> files;
    if (secure) files = authority->issue("server", "DNS:gitlab.test,IP:0.0.0.0");
    between.emplace(loop, std::move(files));
    url = fmt::format("{}://{}:{}", secure ? "https" : "http", host, between->port());
    gitlab.emplace(*this,
                   std::vector<std::string>{"--repo", make_repository("repo", pipeline).string(),
                                            "--advertise-url", url});
    between->lead_to(gitlab->address());
  }

  child run_through(std::string const& proxy) {
    auto const trusted = fmt::format("  tls-ca-file = \"{}\"\n", authority->file().string());
    auto const config =
        configure({.url = url, .token = gitlab->runner_token(), .entry = trusted});
    return start({"run", "--config", config.string(), "--once"},
                 {.directory = {}, .environment = {{"http_proxy", proxy}, {"https_proxy", proxy}}});
  }

  void check_job_is_done(child& once) {
    int const code = once.wait();
    INFO(once.out() << once.err());
    REQUIRE(code == 0);
    auto const job = gitlab->job("job");
    CHECK(job.status == "success");
    CHECK(job.trace_intact);
    CHECK(job.has_archive);
  }

  std::optional<test_authority> authority;
  std::optional<gateway> between;
  std::string url;
  std::optional<gitlab_program> gitlab;
};

}  // namespace

TEST_CASE("a runner does a job through squid, which wants to know its user", "[system][proxy]") {
  bool const secure = GENERATE(false, true);
  CAPTURE(secure);
  proxied_world w("gitlab.test", secure);
  squid proxy(w, "runner", "s3cret word");
  auto once = w.run_through("http://runner:s3cret%20word@" + proxy.address());
  w.check_job_is_done(once);
  auto const log = proxy.log();
  INFO(log);
  if (secure) {
    // The runner, git, and the artifact of the job each have a tunnel.
    CHECK(count_of("CONNECT gitlab.test:", log) >= 3);
  } else {
    CHECK(count_of("POST " + w.url + "/api/v4/jobs/request", log) >= 1);
    CHECK(log.find("PATCH " + w.url + "/api/v4/jobs/1/trace") != std::string::npos);
    CHECK(log.find("POST " + w.url + "/api/v4/jobs/1/artifacts") != std::string::npos);
    CHECK(log.find("/local/repo.git/info/refs") != std::string::npos);
  }
  CHECK(count_of(" runner ", log) > 0);
}

TEST_CASE("a runner whose proxy refuses it says so and that it was the proxy", "[system][proxy]") {
  proxied_world w("gitlab.test", true);
  squid proxy(w, "runner", "secret");
  auto once = w.run_through("http://runner:wrong@" + proxy.address());
  once.wait_for_error("proxyconnect tcp: " + proxy.address() +
                      ": the proxy did not open a tunnel: 407 Proxy Authentication Required");
  CHECK(once.err().find("wrong") == std::string::npos);
  CHECK(w.between->seen().empty());
}

TEST_CASE("a runner does a job through a SOCKS5 proxy with user and password", "[system][proxy]") {
  bool const secure = GENERATE(false, true);
  CAPTURE(secure);
  // Loopback that is not called so: neither we nor git would use a proxy else.
  proxied_world w("0.0.0.0", secure);
  auto const port = free_port(w);
  child proxy(w.loop, daemon_program(w, "microsocks",
                                     {"-i", "127.0.0.1", "-p", std::to_string(port), "-u", "runner",
                                      "-P", "secret"}));
  auto once = w.run_through(fmt::format("socks5h://runner:secret@127.0.0.1:{}", port));
  w.check_job_is_done(once);
  INFO(proxy.err());
  CHECK(count_of(fmt::format("connected to 0.0.0.0:{}", w.between->port()), proxy.err()) >= 3);
}

}  // namespace corunner::test
