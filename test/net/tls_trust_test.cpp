// Whom a client believes: what stands in its authority file and in the system's places.

#include "test/net/real_world.hpp"
#include "test/net/temporary_directory.hpp"
#include "test/support/set_variable.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <fmt/format.h>

#include <fstream>

using namespace corunner;
using Catch::Matchers::ContainsSubstring;
using test::real_world;
using test::set_variable;

namespace {

constexpr auto unknown = "x509: certificate signed by unknown authority";

void append(std::filesystem::path const& file, std::string const& pem) {
  std::ofstream(file, std::ios::app) << pem;
}

}  // namespace

TEST_CASE("an intermediate may come from the server or stand in the authority file", "[net][tls]") {
  test::temporary_directory directory;
  test::test_authority root(directory.path());
  test::test_authority middle(directory.path(), "intermediate", &root);
  auto const leaf = middle.issue("server", "DNS:localhost");
  bool const sent = GENERATE(false, true);
  CAPTURE(sent);
  if (sent) append(leaf.certificate, middle.pem());
  real_world world;
  world.serve_tls(leaf);
  auto const get = [&](std::filesystem::path const& trusted) {
    return world.get(world.tls_url("localhost"), net::tls_options{trusted, {}, {}});
  };
  auto const with_root = get(root.file());
  if (sent) CHECK(with_root == "GET 0");
  else CHECK_THAT(with_root, ContainsSubstring(unknown));
  CHECK(get(middle.file()) == "GET 0");  // trusted by itself
  auto const both = directory.path() / "both.crt";
  append(both, root.pem());
  append(both, middle.pem());
  CHECK(get(both) == "GET 0");
}

TEST_CASE("a server's own certificate in the authority file is enough", "[net][tls]") {
  test::temporary_directory directory;
  test::test_authority authority(directory.path());
  bool const alone = GENERATE(false, true);
  CAPTURE(alone);
  auto const files = alone ? authority.self_signed("server", "DNS:localhost")
                           : authority.issue("server", "DNS:localhost");
  real_world world;
  world.serve_tls(files);
  auto const url = world.tls_url("localhost");
  CHECK_THAT(world.get(url), ContainsSubstring(unknown));
  CHECK(world.get(url, net::tls_options{files.certificate, {}, {}}) == "GET 0");
}

TEST_CASE("what is wrong with a certificate is told in the words that people search for",
          "[net][tls]") {
  test::temporary_directory directory;
  test::test_authority authority(directory.path());
  struct row {
    test::test_authority::pair files;
    char const* host;
    char const* text;
  };
  std::vector<row> const rows{
      {authority.issue("old", "DNS:localhost", -7000, -60), "localhost",
       "x509: certificate has expired or is not yet valid: current time 2"},
      {authority.issue("old", "DNS:localhost", -7000, -60), "localhost", "Z is after 2"},
      {authority.issue("new", "DNS:localhost", 600, 7000), "localhost", "Z is before 2"},
      {authority.issue("wrong", "DNS:a.test,DNS:*.b.test,IP:127.0.0.1"), "localhost",
       "x509: certificate is valid for a.test, *.b.test, not localhost"},
      {authority.issue("wrong", "IP:127.0.0.2,IP:::1"), "127.0.0.1",
       "x509: certificate is valid for 127.0.0.2, ::1, not 127.0.0.1"},
      {authority.issue("wrong", "DNS:localhost"), "127.0.0.1",
       "x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs"},
      // The subject does not count.
      {authority.issue("localhost", ""), "localhost",
       "x509: certificate is not valid for any names, but wanted to match localhost"},
  };
  for (auto const& one : rows) {
    CAPTURE(one.text);
    real_world world;
    world.serve_tls(one.files);
    auto const got = world.get(world.tls_url(one.host), net::tls_options{authority.file(), {}, {}});
    CHECK_THAT(got, ContainsSubstring("tls: failed to verify certificate: "));
    CHECK_THAT(got, ContainsSubstring(one.text));
  }
}

TEST_CASE("SSL_CERT_FILE and SSL_CERT_DIR name the system's authorities", "[net][tls]") {
  test::temporary_directory directory;
  test::test_authority authority(directory.path());
  auto const roots = directory.path() / "roots";
  std::filesystem::create_directory(roots);
  std::filesystem::copy_file(authority.file(), roots / "any name.pem");
  std::filesystem::copy_file(authority.file(), directory.path() / "root.crt");
  auto const& [name, pattern, good] = GENERATE(table<char const*, std::string, bool>({
      {"SSL_CERT_FILE", "{0}/root.crt", true},
      {"SSL_CERT_FILE", "{0}/none", false},
      {"SSL_CERT_FILE", "", false},
      {"SSL_CERT_DIR", "{0}/roots", true},
      {"SSL_CERT_DIR", "{0}/none:{0}/roots", true},
      {"SSL_CERT_DIR", "{0}/none", false},
  }));
  auto const value = fmt::format(fmt::runtime(pattern), directory.path().string());
  CAPTURE(name, value);
  set_variable const set(name, value);
  real_world world;
  world.serve_tls(authority.issue("server", "DNS:localhost"));
  auto const got = world.get(world.tls_url("localhost"));
  if (good) CHECK(got == "GET 0");
  else CHECK_THAT(got, ContainsSubstring(unknown));
}

TEST_CASE("an authority file is trusted beside the system's", "[net][tls]") {
  test::temporary_directory directory;
  test::test_authority system(directory.path());
  test::test_authority own(directory.path(), "own authority");
  set_variable const set("SSL_CERT_FILE", system.file().string());
  bool const by_system = GENERATE(false, true);
  real_world world;
  auto& authority = by_system ? system : own;
  world.serve_tls(authority.issue("server", "DNS:localhost"));
  CHECK(world.get(world.tls_url("localhost"), net::tls_options{own.file(), {}, {}}) == "GET 0");
}
