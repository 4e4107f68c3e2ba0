#include "runner/gitlab/answer_text.hpp"

#include "net/http_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace corunner::gitlab {

namespace {

namespace json = boost::json;

std::string text_of(json::value const& v) {
  auto const* text = v.if_string();
  return text ? std::string(*text) : json::serialize(v);
}

}  // namespace

std::string message_of(json::value const& v) {
  auto const* fields = v.if_object();
  if (!fields) return text_of(v);
  std::string out;
  for (auto const& [name, value] : *fields) {
    if (!out.empty()) out += ", ";
    out += fmt::format("{}: ", std::string_view(name));
    auto const* items = value.if_array();
    if (!items) {
      out += text_of(value);
      continue;
    }
    for (std::size_t i = 0; i < items->size(); ++i) {
      out += (i > 0 ? "; " : "") + text_of((*items)[i]);
    }
  }
  return out;
}

namespace {

std::optional<std::string> json_message(std::string_view body) {
  error_code broken;
  auto const tree = json::parse(body, broken);
  if (broken || !tree.is_object()) return std::nullopt;
  auto const* message = tree.get_object().if_contains("message");
  return message ? message_of(*message) : std::string();
}

// Scheme, host and path; credentials and what follows '?' stay out of logs.
std::string shown_url(net::url const& target) { return target.origin() + target.path; }

}  // namespace

std::string media_type(std::string_view content_type) {
  auto type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  std::string out(type);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return out;
}

std::string answer_text(std::string_view method, net::url const& target, int status,
                        std::string_view content_type, std::string_view body) {
  auto const line = fmt::format("{} {}", status, net::status_text(status));
  auto out = fmt::format("{} {}: {}", method, shown_url(target), line);
  bool const is_json = media_type(content_type) == "application/json";
  auto const message = is_json ? json_message(body) : std::nullopt;
  if (message && *message != line) out += fmt::format(" ({})", *message);
  return out;
}

std::string transport_text(std::string_view method, net::url const& target,
                           std::string_view reason) {
  return fmt::format("{} {}: {}", method, shown_url(target), reason);
}

}  // namespace corunner::gitlab
