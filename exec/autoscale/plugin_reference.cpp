#include "exec/autoscale/plugin_reference.hpp"

#include "exec/autoscale/plugin_version.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner::exec {

namespace {

constexpr std::string_view default_repository = "gitlab-org/fleeting/plugins";
constexpr std::string_view default_constraint = "latest";

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_word(char c) { return is_upper(c) || is_lower(c) || (c >= '0' && c <= '9'); }

// A part of a path that is a name everywhere: in a URL, in a registry and as a directory.
bool is_part(std::string_view text) {
  return !text.empty() && is_word(text.front()) && std::ranges::all_of(text, [](char c) {
    return is_word(c) || c == '.' || c == '_' || c == '-';
  });
}

bool is_path(std::string_view text) {
  for (;;) {
    auto const end = text.find('/');
    if (!is_part(text.substr(0, end))) return false;
    if (end == text.npos) return true;
    text.remove_prefix(end + 1);
  }
}

config::failure refused(std::string_view text, std::string_view why) {
  return {fmt::format("invalid plugin '{}': {}", text, why)};
}

}  // namespace

bool is_registry_host(std::string_view text) {
  auto const bracket = text.starts_with('[') ? text.find(']') : text.npos;
  bool const is_address =
      bracket != text.npos && bracket > 1 &&
      text.substr(1, bracket - 1).find_first_not_of("0123456789abcdefABCDEF:.") == text.npos;
  auto const host = text.substr(0, is_address ? bracket + 1 : text.find(':'));
  auto const port = text.substr(host.size());
  bool const is_port = port.size() > 1 && port.size() <= 6 && port.starts_with(':') &&
                       port.find_first_not_of("0123456789", 1) == port.npos;
  return (is_address || is_part(host)) && (port.empty() || is_port);
}

config::outcome<plugin_reference> parse_plugin_reference(std::string_view text) {
  plugin_reference out;
  auto rest = text;
  auto const slash = rest.rfind('/');
  auto const colon = rest.find(':', slash == rest.npos ? 0 : slash);
  out.constraint = colon == rest.npos ? default_constraint : rest.substr(colon + 1);
  rest = rest.substr(0, colon);
  auto const first = rest.substr(0, rest.find('/'));
  if (first.size() < rest.size() && first.find_first_of(".:") != first.npos) {
    out.registry = first;
    rest.remove_prefix(first.size() + 1);
  } else {
    out.registry = default_plugin_registry;
  }
  bool parts = true;
  if (slash == text.npos) {
    out.repository = default_repository;
  } else if (auto const end = rest.rfind('/'); end != rest.npos) {
    out.repository = rest.substr(0, end);
    parts = is_path(out.repository);
    rest.remove_prefix(end + 1);
  }
  out.name = rest;
  if (!is_registry_host(out.registry)) {
    return refused(text, "its first part is no host of a registry");
  }
  if (!parts || !is_part(out.name)) {
    return refused(
        text, "expected the path of a program, NAME, REPOSITORY/NAME or REGISTRY/REPOSITORY/NAME");
  }
  if (!is_version_constraint(out.constraint)) {
    return refused(
        text, fmt::format("version '{}' is none of latest, MAJOR, MAJOR.MINOR, MAJOR.MINOR.PATCH",
                          out.constraint));
  }
  return out;
}

std::string plugin_reference::directory() const { return escape_case(registry + '/' + path()); }

std::string escape_case(std::string_view name) {
  std::string out;
  for (char const c : name) {
    if (is_upper(c)) out += '!';
    out += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::string unescape_case(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (is_upper(name[at])) return {};
    if (name[at] != '!') {
      out += name[at];
      continue;
    }
    if (++at == name.size() || !is_lower(name[at])) return {};
    out += static_cast<char>(name[at] - 'a' + 'A');
  }
  return out;
}

}  // namespace corunner::exec
