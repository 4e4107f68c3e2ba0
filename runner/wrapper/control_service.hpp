#pragma once

#include "net/grpc/server.hpp"
#include "runner/observe/log.hpp"
#include "runner/wrapper/process_wrapper.hpp"

namespace corunner {

// The calls of a supervisor, as methods of gRPC (service ProcessWrapper). Both must outlive the
// server that gets them.
class control_service {
 public:
  control_service(process_wrapper& process, logger log) : process_(process), log_(std::move(log)) {}

  void add_to(net::grpc_server& server);

 private:
  net::grpc_reply check_status(std::string_view message);
  net::grpc_reply shut_down_gracefully(std::string_view message);
  net::grpc_reply shut_down_forcefully(std::string_view message);
  // The status as it is now, or the error.
  net::grpc_reply answer(std::optional<std::string> const& error) const;

  process_wrapper& process_;
  logger log_;
};

}  // namespace corunner
