#pragma once

#include "config/file.hpp"
#include "net/dialer.hpp"
#include "net/http_server.hpp"
#include "net/task_group.hpp"
#include "runner/command/services.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace corunner {

// Where a `run` of that configuration file can be asked for its status: one unix socket, at the
// first of these places that it may use. Named after the file's absolute path.
std::vector<std::filesystem::path> status_places(std::filesystem::path const& config_file,
                                                 config::environment const& variables);

// The side of `run`: answers GET /status on that socket, which only its user (and root) may open.
// Nothing is written and nothing wakes up unless somebody asks. Without a place `run` works on, and
// `status` finds nothing. stop() must have been awaited before it is destroyed.
class status_socket {
 public:
  status_socket(services& all, std::filesystem::path config_file,
                std::function<std::string()> report);

  void open();
  awaitable<void> stop();

 private:
  services& all_;
  std::filesystem::path config_file_;
  std::function<std::string()> report_;
  net::http_server server_;
  std::unique_ptr<net::listener> listener_;
  net::task_group tasks_;
};

}  // namespace corunner
