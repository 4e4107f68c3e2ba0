#pragma once

#include "config/failure.hpp"
#include "config/secret.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace corunner::exec {

// How to show a container registry who we are.
struct registry_login {
  std::string user;
  secret password;
  secret identity_token;  // instead of user and password: what the registry's token server takes

  bool operator==(registry_login const&) const = default;
};

// The name by which docker's files and helpers know a registry: its host, with the port if it has
// one; of Docker Hub "https://index.docker.io/v1/".
std::string registry_key(std::string_view registry);
bool is_docker_hub(std::string_view registry);

// The content of docker's config.json, as far as it tells of credentials; everything else in it is
// kept.
//
// Form: `auths` holds by registry `auth` (base64 of "user:password") or `username` and `password`,
// or `identitytoken`; `credHelpers` holds by registry, and `credsStore` for all others, the name of
// a program docker-credential-NAME. Keys of registries may be URLs.
class docker_config {
 public:
  docker_config() = default;
  // The failure never shows what stands there. A text without anything is an empty configuration.
  static config::outcome<docker_config> parse(std::string_view text);

  // What the file itself holds.
  std::optional<registry_login> login(std::string_view registry) const;
  // NAME of the program that keeps the login; empty: the file does.
  std::string helper(std::string_view registry) const;

  void put(std::string_view registry, registry_login const& login);
  // Nothing but the name, which is what docker writes of logins that a helper keeps.
  void put_name(std::string_view registry);

  // As docker writes it, keys in their order.
  std::string text() const;

 private:
  boost::json::object& auths();

  boost::json::object members_;
};

}  // namespace corunner::exec
