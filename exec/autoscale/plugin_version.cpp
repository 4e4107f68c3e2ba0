#include "exec/autoscale/plugin_version.hpp"

#include <algorithm>
#include <charconv>

namespace corunner::exec {

namespace {

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

// Without a zero in front, as in "01".
std::optional<std::uint64_t> number(std::string_view text) {
  if (!is_number(text) || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  std::uint64_t value = 0;
  auto const end = std::from_chars(text.data(), text.data() + text.size(), value);
  return end.ec == std::errc() ? std::optional(value) : std::nullopt;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  for (;;) {
    auto const dot = text.find('.');
    out.emplace_back(text.substr(0, dot));
    if (dot == text.npos) return out;
    text.remove_prefix(dot + 1);
  }
}

bool is_identifier(std::string_view text) {
  bool const leading_zero = is_number(text) && text.size() > 1 && text.front() == '0';
  return !text.empty() && !leading_zero && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

// Numbers are below words; a shorter number is the smaller one.
std::strong_ordering compare(std::string_view left, std::string_view right) {
  if (is_number(left) != is_number(right)) {
    return is_number(left) ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  if (is_number(left) && left.size() != right.size()) return left.size() <=> right.size();
  return left <=> right;
}

// The numbers of "1", "1.5" or "1.5.1"; empty: it is none of them.
std::vector<std::uint64_t> numbers(std::string_view text) {
  std::vector<std::uint64_t> out;
  for (auto const& part : split(text)) {
    auto const value = number(part);
    if (!value || out.size() == 3) return {};
    out.push_back(*value);
  }
  return out;
}

}  // namespace

std::strong_ordering plugin_version::operator<=>(plugin_version const& other) const {
  if (auto const order = major_part <=> other.major_part; order != 0) return order;
  if (auto const order = minor_part <=> other.minor_part; order != 0) return order;
  if (auto const order = patch <=> other.patch; order != 0) return order;
  // A version comes behind its pre-releases.
  if (pre_release.empty() != other.pre_release.empty()) {
    return other.pre_release.size() <=> pre_release.size();
  }
  auto const common = std::min(pre_release.size(), other.pre_release.size());
  for (std::size_t at = 0; at < common; ++at) {
    if (auto const order = compare(pre_release[at], other.pre_release[at]); order != 0) {
      return order;
    }
  }
  return pre_release.size() <=> other.pre_release.size();
}

std::optional<plugin_version> parse_plugin_version(std::string_view text) {
  text = text.substr(0, text.find('+'));
  auto const dash = text.find('-');
  auto const parts = numbers(text.substr(0, dash));
  if (parts.size() != 3) return std::nullopt;
  plugin_version out{parts[0], parts[1], parts[2], {}};
  if (dash == text.npos) return out;
  out.pre_release = split(text.substr(dash + 1));
  if (!std::ranges::all_of(out.pre_release, is_identifier)) return std::nullopt;
  return out;
}

bool is_version_constraint(std::string_view text) {
  return text == "latest" || !numbers(text).empty() ||
         (text.find('+') == text.npos && parse_plugin_version(text));
}

bool matches(plugin_version const& version, std::string_view constraint) {
  if (auto const whole = parse_plugin_version(constraint)) return *whole == version;
  if (!version.pre_release.empty()) return false;
  if (constraint == "latest") return true;
  auto const wanted = numbers(constraint);
  return !wanted.empty() && wanted[0] == version.major_part &&
         (wanted.size() == 1 || wanted[1] == version.minor_part);
}

}  // namespace corunner::exec
