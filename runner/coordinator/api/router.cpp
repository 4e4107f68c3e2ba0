#include "runner/coordinator/api/router.hpp"

#include "net/url.hpp"
#include "runner/coordinator/times.hpp"

#include <charconv>

namespace corunner::coordinator {

namespace {

std::string_view next_segment(std::string_view& path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  auto const segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& captures) {
  captures.clear();
  while (!pattern.empty() && !path.empty()) {
    auto const wanted = next_segment(pattern);
    auto const given = next_segment(path);
    if (wanted.starts_with(':')) {
      if (given.empty()) return false;
      captures.push_back(net::percent_decode(given));
    } else if (wanted != given) {
      return false;
    }
  }
  return pattern.empty() && (path.empty() || path == "/");
}

}  // namespace

std::optional<std::int64_t> api_request::number(std::size_t place) const {
  if (place >= captures.size()) return std::nullopt;
  auto const& text = captures[place];
  std::int64_t value = 0;
  auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool api_request::is_outdated(std::int64_t changed_at) const {
  auto const seen = parse_http_time(std::string(field("If-Unmodified-Since")));
  return seen && *seen / 1000 < changed_at / 1000;
}

routing router::find(std::string_view method, std::string_view path) const {
  routing result;
  std::vector<std::string> captures;
  if (method == "HEAD") method = "GET";  // whoever sends the answer leaves its body out
  for (auto const table : tables_) {
    for (auto const& entry : table) {
      if (!matches(entry.path, path, captures)) continue;
      if (entry.method == method) {
        result.found = &entry;
        result.captures = std::move(captures);
        return result;
      }
      if (!result.allowed.empty()) result.allowed += ", ";
      result.allowed += entry.method;
    }
  }
  return result;
}

}  // namespace corunner::coordinator
