#include "runner/gitlab/tls_files.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>

#include <unistd.h>

using namespace corunner;
using namespace corunner::gitlab;

TEST_CASE("files of a server's name serve where the configuration names none", "[gitlab][tls]") {
  auto const directory = std::filesystem::temp_directory_path() /
                         ("corunner-certs-" + std::to_string(::getpid()));
  std::filesystem::create_directory(directory);
  for (auto const* name : {"gitlab.test.crt", "gitlab.test.auth.crt", "gitlab.test.auth.key"}) {
    std::ofstream(directory / name) << "PEM";
  }
  auto const found = tls_files("https://gitlab.test:8443/sub", {}, directory);
  CHECK(found.ca_file == directory / "gitlab.test.crt");
  CHECK(found.certificate_file == directory / "gitlab.test.auth.crt");
  CHECK(found.key_file == directory / "gitlab.test.auth.key");

  auto const mixed = tls_files("https://gitlab.test", {.ca_file = "own.crt"}, directory);
  CHECK(mixed.ca_file == "own.crt");
  CHECK(mixed.key_file == directory / "gitlab.test.auth.key");

  CHECK(tls_files("https://other.test", {}, directory) == net::tls_options{});
  CHECK(tls_files("http://gitlab.test", {}, directory) == net::tls_options{});
  CHECK(tls_files("nonsense", {}, directory) == net::tls_options{});
  std::filesystem::remove_all(directory);
}
