#include <fmt/format.h>
#include <re2/re2.h>

#include <array>

#include "runner/pipeline/entry/job_parts.hpp"

namespace corunner::pipeline::entry {
namespace {

constexpr std::array<std::string_view, 6> keys{"name",    "url",           "on_stop",
                                               "action",  "auto_stop_in",  "deployment_tier"};
constexpr std::array<std::string_view, 1> refused{"kubernetes"};
constexpr std::array<std::string_view, 5> actions{"start", "prepare", "stop", "verify", "access"};
constexpr std::array<std::string_view, 5> tiers{"production", "staging", "testing", "development",
                                                "other"};

void read_name(diagnostics& errors, node const& value, std::string const& path,
               environment_definition& out) {
  static RE2 const shape("[a-zA-Z0-9 _/${}.-]{1,255}");
  out.name = read_string(errors, value, path + ":name");
  bool const slashes = out.name.starts_with('/') || out.name.ends_with('/');
  if (out.name.empty() || (!slashes && RE2::FullMatch(out.name, shape))) return;
  fail(
      errors, value, path,
      "name can contain only letters, digits, '-', '_', '/', '$', '{', '}', '.', and spaces, but it "
      "cannot start or end with '/'");
}

}  // namespace

environment_definition read_environment(diagnostics& errors, node const& value,
                                        std::string const& path) {
  environment_definition out;
  if (value.is_string()) {
    read_name(errors, value, path, out);
    return out;
  }
  if (!check_mapping(errors, value, path, {keys, refused, "environment:"})) return out;
  if (node const* const n = given(value, "name")) {
    read_name(errors, *n, path, out);
  } else {
    fail(errors, value, path, "name can't be blank");
  }
  if (node const* const u = given(value, "url")) out.url = read_string(errors, *u, path + ":url");
  if (node const* const s = given(value, "on_stop")) {
    out.on_stop = read_string(errors, *s, path + ":on_stop");
  }
  if (node const* const a = given(value, "action")) {
    out.action = read_choice(errors, *a, path, "action", actions);
  }
  if (node const* const a = given(value, "auto_stop_in")) {
    out.auto_stop_in = read_string(errors, *a, path + ":auto_stop_in");
  }
  if (node const* const t = given(value, "deployment_tier")) {
    out.tier = read_choice(errors, *t, path, "deployment tier", tiers);
  }
  return out;
}

}  // namespace corunner::pipeline::entry
