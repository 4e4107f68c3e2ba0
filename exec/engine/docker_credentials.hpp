#pragma once

#include "config/file.hpp"
#include "exec/engine/docker_config.hpp"
#include "exec/process/process.hpp"
#include "net/time_source.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace corunner::exec {

// Where docker keeps what it knows of registries: config.json in $DOCKER_CONFIG, else in ~/.docker.
std::filesystem::path docker_config_file(config::environment const& variables);

// The logins that this user has at container registries, as `docker login` leaves them: in
// config.json or with the helper programs that it names, which speak docker's credential helper
// protocol (`get` and `store`, a JSON object on standard input or output; each has a minute).
//
// The launcher and the time source outlive it. Passwords are in no failure.
class docker_credentials {
 public:
  docker_credentials(process_launcher& launcher, net::time_source& time,
                     config::environment const& variables);

  std::filesystem::path const& file() const { return file_; }

  // The login at `registry` ("registry.example.com:5000"); an outcome without one: there is none.
  awaitable<config::outcome<std::optional<registry_login>>> find(std::string registry);

  // Keeps it where the file says, and tells the file. The failure's text, or nothing.
  awaitable<std::string> store(std::string registry, registry_login login);

 private:
  struct helped {
    std::string output;
    std::string failure;
    bool missing = false;  // it knows of no such login
  };
  awaitable<helped> ask(std::string helper, std::string verb, std::string input);
  config::outcome<docker_config> read() const;

  process_launcher& launcher_;
  net::time_source& time_;
  std::filesystem::path file_;
};

}  // namespace corunner::exec
