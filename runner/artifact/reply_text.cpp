#include "runner/artifact/reply_text.hpp"

#include "net/http_text.hpp"
#include "runner/gitlab/answer_text.hpp"

#include <fmt/format.h>

namespace corunner {

std::string status_line(net::http_response const& answer) {
  auto const reason = answer.reason.empty() ? net::status_text(answer.status) : answer.reason;
  return fmt::format("{} {}", answer.status, reason);
}

std::string reply_text(std::string_view method, net::http_response const& answer,
                       std::string_view body) {
  auto const content_type = answer.fields.get("Content-Type");
  auto const type = gitlab::media_type(content_type);
  bool const tells = type == "application/json" || type == "application/xml" || type == "text/xml";
  if (answer.status / 100 == 2 || !tells) return status_line(answer);
  return gitlab::answer_text(method, answer.final_url, answer.status, content_type, body);
}

}  // namespace corunner
