#include "runner/wrapper/control_service.hpp"

#include <array>
#include <string>
#include <utility>

namespace corunner {

namespace {

constexpr std::string_view service = "/gitlab_com.gitlab_runner.runner_wrapper.ProcessWrapper/";

net::grpc_reply unreadable(error_code why) {
  net::grpc_reply reply;
  reply.status = {net::grpc_code::internal, "the request cannot be read: " + why.message()};
  return reply;
}

}  // namespace

void control_service::add_to(net::grpc_server& server) {
  using call = net::grpc_reply (control_service::*)(std::string_view);
  constexpr std::array<std::pair<std::string_view, call>, 3> calls{
      {{"CheckStatus", &control_service::check_status},
       {"InitGracefulShutdown", &control_service::shut_down_gracefully},
       {"InitForcefulShutdown", &control_service::shut_down_forcefully}}};
  for (auto const& [name, what] : calls) {
    server.add(std::string(service) + std::string(name),
               [this, name, what](std::string_view message) -> awaitable<net::grpc_reply> {
                 log_.debug("Received " + std::string(name) + " request");
                 co_return (this->*what)(message);
               });
  }
}

net::grpc_reply control_service::check_status(std::string_view message) {
  if (error_code const ec = check_empty_request(message)) return unreadable(ec);
  return answer(std::nullopt);
}

net::grpc_reply control_service::shut_down_gracefully(std::string_view message) {
  auto callback = decode_graceful_shutdown(message);
  if (!callback) return unreadable(callback.error());
  return answer(process_.shut_down_gracefully(std::move(*callback)));
}

net::grpc_reply control_service::shut_down_forcefully(std::string_view message) {
  if (error_code const ec = check_empty_request(message)) return unreadable(ec);
  return answer(process_.shut_down_forcefully());
}

net::grpc_reply control_service::answer(std::optional<std::string> const& error) const {
  net::grpc_reply reply;
  if (error) reply.status = {net::grpc_code::unknown, *error};
  else reply.message = encode(process_.status());
  return reply;
}

}  // namespace corunner
