#pragma once

#include "net/dialer.hpp"

#include <filesystem>
#include <string_view>

namespace corunner::gitlab {

// Where files for a server are looked for: /etc/gitlab-runner/certs for root, else
// $HOME/.gitlab-runner/certs, or ./certs without a home (protocol.md 1.5).
std::filesystem::path default_certificate_directory();

// `configured`, and for what is empty there HOST.crt, HOST.auth.crt, HOST.auth.key of `directory`
// when such a file exists. HOST is that of `url`, without the port.
net::tls_options tls_files(std::string_view url, net::tls_options configured,
                           std::filesystem::path const& directory);

}  // namespace corunner::gitlab
