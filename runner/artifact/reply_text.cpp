#include "runner/artifact/reply_text.hpp"

#include "net/http_text.hpp"
#include "runner/gitlab/answer_text.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

namespace corunner {
namespace {

bool is_object(std::string_view body) {
  error_code broken;
  auto const tree = boost::json::parse({body.data(), body.size()}, broken);
  return !broken && tree.is_object();
}

}  // namespace

std::string status_line(net::http_response const& answer) {
  auto const reason = answer.reason.empty() ? net::status_text(answer.status) : answer.reason;
  return fmt::format("{} {}", answer.status, reason);
}

std::string reply_text(std::string_view method, net::http_response const& answer,
                       std::string_view body) {
  auto const content_type = answer.fields.get("Content-Type");
  auto const type = gitlab::media_type(content_type);
  if (answer.status / 100 == 2) return status_line(answer);
  if (type == "application/json" && is_object(body)) {
    return gitlab::answer_text(method, answer.final_url, answer.status, content_type, body);
  }
  auto const code = xml_element(body, "Code");
  bool const is_xml = type == "application/xml" || type == "text/xml";
  if (!is_xml || code.empty()) return status_line(answer);
  return fmt::format("{} ({}: {})", status_line(answer), code, xml_element(body, "Message"));
}

std::string_view xml_element(std::string_view xml, std::string_view name) {
  auto const open = fmt::format("<{}>", name);
  auto const begin = xml.find(open);
  if (begin == std::string_view::npos) return {};
  auto const text = xml.substr(begin + open.size());
  return text.substr(0, text.find('<'));
}

}  // namespace corunner
