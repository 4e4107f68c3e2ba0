#pragma once

#include "config/config.hpp"
#include "net/dialer.hpp"
#include "runner/command/flag.hpp"
#include "runner/command/questions.hpp"
#include "runner/command/server_list.hpp"
#include "runner/command/services.hpp"

#include <string>
#include <vector>

namespace corunner {

// Which GitLab to talk to, and in whose name.
struct gitlab_access {
  std::string url;
  secret token;        // empty: there is none
  std::string origin;  // where the token was found, for messages: "$GITLAB_TOKEN"
  net::tls_options tls;
};

// What a person said of that by flags and variables; the rest is in runners.toml (server_list.hpp).
struct access_options {
  std::string url;
  std::string token_file;
  std::string tls_ca_file;
  std::string tls_cert_file;
  std::string tls_key_file;

  std::vector<flag> flags();
};

// The server: the URL that was given, else the first of runners.toml. The access token: the file
// that was named, else $GITLAB_TOKEN where the URL was given, else that of the server in
// runners.toml, else $GITLAB_TOKEN: a token of the list goes to no other server, and the variable's
// not to one of the list that has its own. A missing token is no failure here: some calls do
// without.
awaitable<config::outcome<gitlab_access>> find_access(services& all, access_options given,
                                                      questions& input);

// What a person reads who has not given one.
std::string no_access_token(services const& all, std::string const& url);

}  // namespace corunner
