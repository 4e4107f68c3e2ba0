#include "runner/coordinator/api/reply.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace corunner::coordinator {

namespace {

std::string joined(std::string_view head, std::string_view detail) {
  return detail.empty() ? std::string(head) : fmt::format("{} - {}", head, detail);
}

}  // namespace

reply json_reply(int status, boost::json::value const& body) {
  return {status, {{"Content-Type", "application/json"}}, boost::json::serialize(body)};
}

reply number_reply(int status) {
  return {status, {{"Content-Type", "application/json"}}, std::to_string(status)};
}

reply empty_reply(int status) { return {status, {}, {}}; }

reply error_reply(int status, std::string_view text) {
  return json_reply(status, boost::json::object{{"error", text}});
}

reply message_reply(int status, std::string_view text) {
  return json_reply(status, boost::json::object{{"message", text}});
}

reply not_found(std::string_view what) {
  return message_reply(404, what.empty() ? "404 Not Found" : fmt::format("404 {} Not Found", what));
}

reply forbidden(std::string_view detail) {
  return message_reply(403, joined("403 Forbidden", detail));
}

reply bad_request(std::string_view detail) {
  return message_reply(400, joined("400 Bad request", detail));
}

reply unauthorized() { return message_reply(401, "401 Unauthorized"); }

reply too_many_requests() {
  boost::json::object const text{
      {"error", "This endpoint has been requested too many times. Try again later."}};
  return json_reply(429, boost::json::object{{"message", text}});
}

reply precondition_failed() { return message_reply(412, "412 Precondition Failed"); }

reply orphaned_runner() { return message_reply(422, "Runner is orphaned"); }

reply model_error(std::vector<field_error> const& errors) {
  boost::json::object fields;
  for (auto const& error : errors) {
    auto& texts = fields[error.field];
    if (!texts.is_array()) texts = boost::json::array();
    texts.as_array().emplace_back(error.text);
  }
  return json_reply(400, boost::json::object{{"message", std::move(fields)}});
}

}  // namespace corunner::coordinator
