#include "runner/gitlab/tls_files.hpp"

#include "net/url.hpp"

#include <cstdlib>
#include <system_error>

#include <unistd.h>

namespace corunner::gitlab {

std::filesystem::path default_certificate_directory() {
  if (::geteuid() == 0) return "/etc/gitlab-runner/certs";
  char const* const home = std::getenv("HOME");
  if (home != nullptr && *home != '\0') {
    return std::filesystem::path(home) / ".gitlab-runner" / "certs";
  }
  return "certs";
}

net::tls_options tls_files(std::string_view url, net::tls_options configured,
                           std::filesystem::path const& directory) {
  auto const server = net::parse_url(url);
  if (!server || !server->secure()) return configured;
  auto const choose = [&](std::filesystem::path& file, std::string_view ending) {
    if (!file.empty()) return;
    auto const candidate = directory / (server->host + std::string(ending));
    std::error_code unknown;
    if (std::filesystem::exists(candidate, unknown)) file = candidate;
  };
  choose(configured.ca_file, ".crt");
  choose(configured.certificate_file, ".auth.crt");
  choose(configured.key_file, ".auth.key");
  return configured;
}

}  // namespace corunner::gitlab
