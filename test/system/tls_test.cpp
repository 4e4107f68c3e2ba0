// A runner and its jobs talk to GitLab over TLS: what they trust, what they show, what changes
// under way.

#include "test/system/support/daemon.hpp"
#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/http_peer.hpp"

#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

namespace corunner::test {

namespace {

namespace fs = std::filesystem;

struct tls_world : world {
  tls_world() { authority.emplace(certificates()); }

  fs::path certificates() {
    fs::create_directories(path("certificates"));
    return path("certificates");
  }

  std::optional<test_authority> authority;
};

std::string quoted(char const* key, fs::path const& file) {
  return fmt::format("  {} = \"{}\"\n", key, file.string());
}

// A file is replaced as a careful person does it.
void replace(fs::path const& file, fs::path const& by) {
  auto const next = file.string() + ".new";
  fs::copy_file(by, next, fs::copy_options::overwrite_existing);
  fs::rename(next, file);
}

}  // namespace

TEST_CASE("a certificate that proves nothing is told in the log, and nothing is sent",
          "[system][tls]") {
  auto const row = GENERATE(0, 1, 2, 3, 4);
  tls_world w;
  test_authority other(w.certificates(), "other authority");
  test_authority middle(w.certificates(), "intermediate", &*w.authority);
  auto& ours = *w.authority;
  auto const [files, text] = [&]() -> std::pair<test_authority::pair, std::string> {
    std::string const unknown = "x509: certificate signed by unknown authority";
    switch (row) {
      case 0: return {other.issue("server", "IP:127.0.0.1"), unknown};
      case 1: return {middle.issue("server", "IP:127.0.0.1"), unknown};  // sent without its issuer
      case 2: return {ours.self_signed("server", "IP:127.0.0.1"), unknown};
      case 3:
        return {ours.issue("server", "IP:127.0.0.1", -7000, -60),
                "x509: certificate has expired or is not yet valid"};
      default:
        return {ours.issue("server", "DNS:gitlab.test,IP:127.0.0.2"),
                "x509: certificate is valid for 127.0.0.2, not 127.0.0.1"};
    }
  }();
  CAPTURE(row);
  gateway gate(w.loop, files);
  auto service = w.start_run(w.configure({.url = gate.url(), .token = "glrt-some-token",
                                          .entry = quoted("tls-ca-file", ours.file())}));
  service.wait_for_error("Checking for jobs... failed");
  CHECK(service.err().find(text) != std::string::npos);
  CHECK(gate.seen().empty());
}

TEST_CASE("a CA file that is replaced while the runner runs counts from the next call on",
          "[system][tls]") {
  tls_world w;
  test_authority other(w.certificates(), "other authority");
  auto const trusted = w.path("ca.crt");
  fs::copy_file(other.file(), trusted);
  gateway gate(w.loop, w.authority->issue("server", "IP:127.0.0.1"));
  gate.disturb = [](auto const&) { return gateway::disturbance{.status = 403}; };
  auto service = w.start_run(w.configure(
      {.url = gate.url(), .token = "glrt-some-token", .entry = quoted("tls-ca-file", trusted)}));
  service.wait_for_error("x509: certificate signed by unknown authority");
  CHECK(gate.seen().empty());
  replace(trusted, w.authority->file());
  service.wait_for_error("forbidden");
  // The other way round, too: a connection that still stands is of no use without trust.
  replace(trusted, other.file());
  auto const before = count_of("unknown authority", service.err());
  w.loop.run_until([&] { return count_of("unknown authority", service.err()) > before; });
  CHECK(count_of("unknown authority", service.err()) > before);
}

TEST_CASE("a CA file that is none is told, and the runner goes on without it", "[system][tls]") {
  tls_world w;
  write_file(w.path("ca.crt"), "not PEM\n");
  gateway gate(w.loop, w.authority->issue("server", "IP:127.0.0.1"));
  auto service = w.start_run(w.configure({.url = gate.url(), .token = "glrt-some-token",
                                          .entry = quoted("tls-ca-file", w.path("ca.crt"))}));
  service.wait_for_error("Failed to parse PEM in " + w.path("ca.crt").string());
  service.wait_for_error("x509: certificate signed by unknown authority");
}

TEST_CASE("a whole job passes through nginx, which demands a certificate of runner, git and helper",
          "[system][tls]") {
  tls_world w;
  auto const server = w.authority->issue("server", "DNS:localhost,IP:127.0.0.1");
  auto const client = w.authority->issue("client", "DNS:runner.test");
  auto const port = free_port(w);
  auto const url = fmt::format("https://localhost:{}", port);
  gitlab_program gitlab(w, {"--repo", w.make_repository("repo", R"yml(
job:
  script:
    - echo one > made.txt
    - test -s "$CI_SERVER_TLS_CA_FILE"
  artifacts: {paths: [made.txt]}
)yml")
                                          .string(),
                            "--advertise-url", url});
  write_file(w.path("nginx/nginx.conf"),
             fmt::format(R"(
daemon off; master_process off; pid {0}/pid; error_log stderr info;
events {{ worker_connections 64; }}
http {{
  access_log {0}/access.log;
  client_body_temp_path {0}/body; proxy_temp_path {0}/proxy; fastcgi_temp_path {0}/fastcgi;
  uwsgi_temp_path {0}/uwsgi; scgi_temp_path {0}/scgi;
  keepalive_requests 2;
  server {{
    listen 127.0.0.1:{1} ssl;
    ssl_certificate "{2}"; ssl_certificate_key "{3}";
    ssl_client_certificate "{4}"; ssl_verify_client on;
    client_max_body_size 0;
    location / {{ proxy_pass {5}; proxy_set_header Host $http_host; }}
  }}
}}
)", w.path("nginx").string(), port, server.certificate.string(), server.key.string(),
                         w.authority->file().string(), gitlab.address()));
  child front(w.loop, daemon_program(w, "nginx", {"-p", w.path("nginx").string(), "-c",
                                                  w.path("nginx/nginx.conf").string()}));
  front.wait_for_error("event method");
  auto const entry = quoted("tls-ca-file", w.authority->file()) +
                     quoted("tls-cert-file", client.certificate) +
                     quoted("tls-key-file", client.key);
  auto once = w.start_run(
      w.configure({.url = url, .token = gitlab.runner_token(), .entry = entry}), {"--once"});
  int const code = once.wait();
  INFO(once.out() << once.err() << front.err());
  REQUIRE(code == 0);
  CHECK(gitlab.job("job").trace_intact);
  CHECK(gitlab.job("job").has_archive);
  auto const log = read_file(w.path("nginx/access.log"));
  INFO(log);
  CHECK(log.find("git-upload-pack") != std::string::npos);
  CHECK(log.find("jobs/1/artifacts") != std::string::npos);
  CHECK(count_of("\" 400 ", log) == 0);
  CHECK(once.err().find("Failed") == std::string::npos);
}

}  // namespace corunner::test
