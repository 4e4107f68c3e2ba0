#include "runner/artifact/reply_text.hpp"

#include "net/http_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace corunner {
namespace {

namespace json = boost::json;

bool media_type_is(std::string_view content_type, std::string_view wanted) {
  auto const type = content_type.substr(0, content_type.find(';'));
  return type.substr(0, type.find_last_not_of(' ') + 1) == wanted;
}

std::string plain(json::value const& value) {
  if (auto const* const text = value.if_string()) return std::string(text->data(), text->size());
  return json::serialize(value);
}

// "key: a; b, other: c"
std::string object_text(json::object const& message) {
  std::string text;
  for (auto const& [key, value] : message) {
    if (!text.empty()) text += ", ";
    text.append(key.data(), key.size()).append(": ");
    auto const* const list = value.if_array();
    if (!list) {
      text += plain(value);
      continue;
    }
    for (std::size_t i = 0; i < list->size(); ++i) text += (i ? "; " : "") + plain((*list)[i]);
  }
  return text;
}

std::string message_of(json::object const& answer) {
  auto const* const message = answer.if_contains("message");
  if (!message) return {};
  auto const* const object = message->if_object();
  return object ? object_text(*object) : plain(*message);
}

// The text between <name> and </name>; the few entities that XML knows are left as they are.
std::string_view element(std::string_view xml, std::string const& name) {
  auto const open = "<" + name + ">";
  auto const begin = xml.find(open);
  if (begin == std::string_view::npos) return {};
  auto const text = xml.substr(begin + open.size());
  auto const end = text.find("</" + name + ">");
  return end == std::string_view::npos ? std::string_view() : text.substr(0, end);
}

}  // namespace

std::string status_line(reply_head const& head) {
  auto const reason = head.reason.empty() ? net::status_text(head.status) : head.reason;
  return fmt::format("{} {}", head.status, reason);
}

std::string reply_text(reply_head const& head, std::string_view body) {
  auto const line = status_line(head);
  if (head.status / 100 == 2 || !media_type_is(head.content_type, "application/json")) return line;
  boost::system::error_code ec;
  auto const answer = json::parse(json::string_view(body.data(), body.size()), ec);
  if (ec || !answer.is_object()) return line;
  auto const message = message_of(answer.get_object());
  auto const subject = fmt::format("{} {}: {}", head.method, head.url, line);
  return message == line ? subject : fmt::format("{} ({})", subject, message);
}

std::string reply_text_with_xml(reply_head const& head, std::string_view body) {
  if (media_type_is(head.content_type, "application/xml") ||
      media_type_is(head.content_type, "text/xml")) {
    auto const error = element(body, "Error");
    if (!error.empty()) {
      return fmt::format("{} ({}: {})", status_line(head), element(error, "Code"),
                         element(error, "Message"));
    }
  }
  return reply_text(head, body);
}

}  // namespace corunner
