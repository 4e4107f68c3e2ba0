#include "net/grpc/server.hpp"

#include "net/grpc/framing.hpp"
#include "net/with_timeout.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace corunner::net {
namespace {

constexpr std::string_view media_type = "application/grpc";

// "application/grpc", also with a format ("+proto") or parameters (";...") behind it.
bool is_grpc(std::string_view type) {
  if (!type.starts_with(media_type)) return false;
  auto const rest = type.substr(media_type.size());
  return rest.empty() || rest.front() == '+' || rest.front() == ';';
}

http2_response plain(int status, http_fields fields = {}) {
  http2_response response;
  response.status = status;
  response.fields = std::move(fields);
  return response;
}

http2_response response_of(grpc_reply reply) {
  http2_response response;
  response.fields.add("content-type", media_type);
  // Without a message the status stands in the only header there is.
  if (!reply.status.ok()) {
    response.fields.add("grpc-accept-encoding", "identity");
    add_grpc_status(response.fields, reply.status);
    return response;
  }
  response.body = grpc_frame(reply.message);
  add_grpc_status(response.trailers, reply.status);
  return response;
}

grpc_reply failed(grpc_code code, std::string message) {
  return {{code, std::move(message)}, {}};
}

awaitable<result<grpc_reply>> as_result(awaitable<grpc_reply> call) {
  co_return co_await std::move(call);
}

}  // namespace

awaitable<http2_response> grpc_server::handle(http2_request request) const {
  if (request.method != "POST") co_return plain(405, {{"allow", "POST"}});
  if (!is_grpc(request.fields.get("content-type"))) co_return plain(415);
  auto reply = co_await call(request);
  co_return response_of(std::move(reply));
}

awaitable<grpc_reply> grpc_server::call(http2_request const& request) const {
  auto const method = methods_.find(request.path);
  if (method == methods_.end()) {
    co_return failed(grpc_code::unimplemented, "unknown method " + request.path);
  }
  if (request.body_too_large) {
    co_return failed(grpc_code::resource_exhausted, "the request is too large");
  }
  std::chrono::nanoseconds limit = limits_.call;
  if (auto const given = request.fields.find("grpc-timeout")) {
    auto const parsed = parse_grpc_timeout(*given);
    if (!parsed) co_return failed(grpc_code::internal, "malformed grpc-timeout");
    limit = *parsed;
  }
  auto const message = single_grpc_message(request.body, limits_.message);
  if (auto const* const refused = std::get_if<grpc_status>(&message)) {
    co_return failed(refused->code, refused->message);
  }
  auto outcome = co_await with_timeout(
      time_, limit, as_result(method->second(std::get<std::string_view>(message))));
  if (outcome) co_return std::move(*outcome);
  if (outcome.error() == asio::error::timed_out) {
    co_return failed(grpc_code::deadline_exceeded, "the call's time is over");
  }
  co_return failed(grpc_code::cancelled, "the call was cancelled");
}

}  // namespace corunner::net
