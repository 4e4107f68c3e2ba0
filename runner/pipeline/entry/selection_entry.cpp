// Which jobs take part and what they take over: `only`, `except`, `inherit`.
#include <fmt/format.h>

#include <array>

#include "runner/pipeline/entry/job_parts.hpp"
#include "runner/pipeline/keywords.hpp"

namespace corunner::pipeline::entry {
namespace {

constexpr std::size_t change_limit = 50;

std::vector<std::string> read_refs(diagnostics& errors, node const& value,
                                   std::string const& path) {
  std::vector<std::string> refs = read_strings(errors, value, path);
  for (std::string const& ref : refs) {
    bool const pattern = ref.starts_with('/');
    std::string_view text = ref;
    if (std::size_t const at = text.rfind('@'); pattern && at != std::string_view::npos) {
      if (expression::looks_like_pattern(text.substr(0, at))) text = text.substr(0, at);
    }
    if (!pattern || expression::search("", text)) continue;
    fail(errors, value, path,
         fmt::format("config should be an array of strings or regular expressions: {}", ref));
  }
  return refs;
}

void read_policy_mapping(diagnostics& errors, node const& value, std::string const& path,
                         ref_policy& out) {
  static constexpr std::array<std::string_view, 4> keys{"refs", "variables", "changes",
                                                        "kubernetes"};
  static constexpr std::array<std::string_view, 1> kubernetes_values{"active"};
  check_mapping(errors, value, path, {keys});
  if (node const* const r = given(value, "refs")) out.refs = read_refs(errors, *r, path + ":refs");
  if (node const* const v = given(value, "variables")) {
    for (std::string const& text : read_strings(errors, *v, path + ":variables")) {
      expression::parsed parsed = expression::parse(text);
      if (parsed.result) {
        out.variables.push_back(std::move(*parsed.result));
      } else {
        fail(errors, *v, path,
             fmt::format("variables invalid expression syntax: {}", parsed.error));
      }
    }
  }
  if (node const* const c = given(value, "changes")) {
    out.changes = path_clause{read_strings(errors, *c, path + ":changes"), {}, c->where};
    if (out.changes->paths.size() > change_limit) {
      fail(errors, *c, path + ":changes", "config has too many entries (maximum 50)");
    }
  }
  if (node const* const k = given(value, "kubernetes")) {
    read_choice(errors, *k, path, "kubernetes", kubernetes_values);
    out.kubernetes = true;
  }
}

// true: everything, false: nothing, or the listed names.
std::optional<std::vector<std::string>> read_names(diagnostics& errors, node const& value,
                                                   std::string const& path) {
  if (value.is_true()) return std::nullopt;
  if (value.is_false()) return std::vector<std::string>();
  if (value.is_sequence()) return read_strings(errors, value, path);
  fail(errors, value, path, "config should be a bool or an array of strings");
  return std::nullopt;
}

}  // namespace

ref_policy read_ref_policy(diagnostics& errors, node const& value, std::string const& path) {
  ref_policy out;
  out.where = value.where;
  out.file = value.file_name();
  if (value.is_sequence()) {
    out.refs = read_refs(errors, value, path);
  } else if (value.is_mapping()) {
    read_policy_mapping(errors, value, path, out);
  } else {
    fail(errors, value, path, "config has to be either an array of conditions or a hash");
  }
  return out;
}

inherit_entry read_inherit(diagnostics& errors, node const& value, std::string const& path) {
  static constexpr std::array<std::string_view, 2> keys{"default", "variables"};
  inherit_entry out;
  if (!check_mapping(errors, value, path, {keys})) return out;
  if (node const* const d = given(value, "default")) {
    out.defaults = read_names(errors, *d, path + ":default");
  }
  if (node const* const v = given(value, "variables")) {
    out.variables = read_names(errors, *v, path + ":variables");
  }
  return out;
}

}  // namespace corunner::pipeline::entry
