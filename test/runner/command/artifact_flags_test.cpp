#include "runner/command/artifact_flags.hpp"

#include "test/net/temporary_directory.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>

namespace corunner {
namespace {

artifact_credentials given(std::vector<std::string> const& words,
                           std::filesystem::path const& certificates) {
  artifact_credentials credentials;
  credential_flags flags(credentials);
  auto const none = [](std::string_view) { return std::optional<std::string>(); };
  CHECK(parse_flags(flags.flags(), words, none, mixing::anywhere).failure.empty());
  flags.finish(certificates);
  return credentials;
}

TEST_CASE("an artifact command finds the authority of its server beside those of the runner",
          "[command]") {
  test::temporary_directory const directory;
  auto const file = directory.path() / "gitlab.test.crt";
  std::ofstream(file) << "";
  auto const& where = directory.path();
  CHECK(given({"--url", "https://gitlab.test:8443/"}, where).tls.ca_file == file);
  CHECK(given({"--url", "https://other.test"}, where).tls.ca_file.empty());
  CHECK(given({"--url", "http://gitlab.test"}, where).tls.ca_file.empty());
  CHECK(given({"--url", "https://gitlab.test", "--tls-ca-file", "x"}, where).tls.ca_file == "x");
}

}  // namespace
}  // namespace corunner
