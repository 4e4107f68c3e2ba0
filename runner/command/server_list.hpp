#pragma once

#include "config/failure.hpp"
#include "config/file.hpp"
#include "config/secret.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace corunner {

// A GitLab that a person manages runners of: a [[gitlab]] table of runners.toml.
struct known_server {
  std::string url;
  secret access_token;
  std::string access_token_file;  // instead
  std::string tls_ca_file;
  std::string tls_cert_file;
  std::string tls_key_file;
};

// $XDG_CONFIG_HOME/corunner/runners.toml, else ~/.config/corunner/runners.toml; empty without a
// home.
std::filesystem::path server_list_file(config::environment const& variables);

// The servers in the file, in its order; none when it is not there. A file that others than its
// owner can read is refused: it holds tokens. Unknown keys are refused, too.
config::outcome<std::vector<known_server>> read_servers(std::filesystem::path const& file);

// Whether two URLs name the same server: slashes at the end and a port that is usual do not count.
bool same_server(std::string_view a, std::string_view b);

}  // namespace corunner
