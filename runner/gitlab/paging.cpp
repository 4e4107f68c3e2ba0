#include "runner/gitlab/management.hpp"

#include <algorithm>

namespace corunner::gitlab {

namespace {

constexpr std::string_view white = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(white);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white) - first + 1);
}

// The target of rel="next" in `<url>; rel="prev", <url>; rel="next"` (RFC 8288).
std::string_view next_link(std::string_view header) {
  while (!header.empty()) {
    auto const open = header.find('<');
    auto const close = header.find('>', open);
    if (close == std::string_view::npos) return {};
    auto const target = header.substr(open + 1, close - open - 1);
    header.remove_prefix(close + 1);
    auto const attributes = header.substr(0, header.find('<'));
    if (attributes.find("rel=\"next\"") != std::string_view::npos) return target;
    header.remove_prefix(attributes.size());
  }
  return {};
}

// Walks over JSON text and knows how deep it is; strings are one step.
class json_walk {
 public:
  explicit json_walk(std::string_view text) : text_(text) {}

  // The place of the next ',' or closing bracket of the outermost array; npos at the end of the
  // text.
  std::size_t next_border() {
    for (; at_ < text_.size(); ++at_) {
      char const c = text_[at_];
      if (c == '"') {
        skip_string();
      } else if (c == '[' || c == '{') {
        ++depth_;
      } else if (depth_ == 0 && (c == ',' || c == ']')) {
        return at_++;
      } else if (c == ']' || c == '}') {
        --depth_;
      }
    }
    return std::string_view::npos;
  }

 private:
  void skip_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

std::string with_parameter(std::string_view query, std::string_view name, std::string_view value) {
  std::string out;
  bool placed = false;
  auto const add = [&out](std::string_view key, std::string_view text) {
    if (!out.empty()) out += '&';
    out.append(key).append("=").append(text);
  };
  while (!query.empty()) {
    auto const pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    auto const key = pair.substr(0, pair.find('='));
    if (key != name) {
      add(key, pair.substr(std::min(pair.size(), key.size() + 1)));
    } else if (!std::exchange(placed, true)) {
      add(name, value);
    }
  }
  if (!placed) add(name, value);
  return out;
}

std::string next_page_query(net::http_fields const& fields, std::string_view query) {
  auto const link = next_link(fields.get("Link"));
  if (auto const mark = link.find('?'); mark != std::string_view::npos) {
    return std::string(link.substr(mark + 1));
  }
  // Some proxies drop Link.
  auto const page = trimmed(fields.get("X-Next-Page"));
  return page.empty() ? std::string() : with_parameter(query, "page", page);
}

std::optional<std::vector<std::string_view>> elements_of(std::string_view array) {
  array = trimmed(array);
  if (array.size() < 2 || array.front() != '[' || array.back() != ']') return std::nullopt;
  array.remove_prefix(1);
  std::vector<std::string_view> out;
  json_walk walk(array);
  for (std::size_t begin = 0;;) {
    auto const end = walk.next_border();
    if (end == std::string_view::npos) return std::nullopt;
    auto const element = trimmed(array.substr(begin, end - begin));
    if (!element.empty()) out.push_back(element);
    if (array[end] == ']') return out;
    begin = end + 1;
  }
}

}  // namespace corunner::gitlab
