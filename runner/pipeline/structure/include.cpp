#include "runner/pipeline/structure/include.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "runner/pipeline/entry/rule_entry.hpp"
#include "runner/pipeline/keywords.hpp"
#include "runner/pipeline/yaml/load.hpp"

namespace corunner::pipeline::structure {
namespace {

using yaml::node;

constexpr int file_limit = 150;

bool has_yaml_extension(std::string_view path) {
  return path.ends_with(".yml") || path.ends_with(".yaml");
}

bool leaves_repository(std::string_view path) {
  return path == ".." || path.starts_with("../") || path.ends_with("/..") ||
         path.find("/../") != std::string_view::npos;
}

class loader {
 public:
  loader(include_context const& context, diagnostics& errors)
      : context_(context), errors_(errors) {}

  // The content of one file, its includes merged below it.
  std::optional<node> content(std::string_view text, std::string_view file) {
    yaml::loaded loaded = yaml::load(text, file);
    if (loaded.error) {
      diagnostic& e = *loaded.error;
      errors_.add(e.file, e.where, e.path, fmt::format("Invalid configuration format: {}", e.text));
      return std::nullopt;
    }
    std::optional<node> own = content_document(std::move(loaded.documents), file);
    if (!own) return std::nullopt;
    node const* const found = own->find("include");
    if (!found) return own;
    node const includes = *found;
    own->erase("include");
    std::optional<node> base = include_all(includes);
    if (!base) return std::nullopt;
    return yaml::deep_merge(std::move(*base), *own);
  }

 private:
  std::nullopt_t fail(node const& at, std::string text) {
    errors_.add(at.file_name(), at.where, "", std::move(text));
    return std::nullopt;
  }

  std::optional<node> content_document(std::vector<node> documents, std::string_view file) {
    if (documents.size() > 2) {
      return fail(documents[2],
                  "a configuration file may hold two documents, a `spec` header and the content");
    }
    if (documents.empty()) {
      errors_.add(file, {1, 1}, "", "Invalid configuration format: the file is empty");
      return std::nullopt;
    }
    bool const has_header = documents.size() == 2;
    if (has_header && !check_header(documents.front())) return std::nullopt;
    node& own = documents.back();
    if (!own.is_mapping()) {
      return fail(own, "Invalid configuration format: the root should be a mapping");
    }
    if (node::entry const* const spec = own.find_entry("spec"); spec && !has_header) {
      errors_.add(file, spec->key_where, "",
                  "`spec` belongs into a header document of its own, ended by '---'");
      return std::nullopt;
    }
    return std::move(own);
  }

  // A header that declares nothing is harmless; one that declares something is not supported.
  bool check_header(node const& header) {
    node::entry const* const spec = header.is_mapping() ? header.find_entry("spec") : nullptr;
    if (!spec || header.entries.size() != 1) {
      fail(header, "the header document may only hold `spec`");
      return false;
    }
    for (node::entry const& e : spec->value.entries) {
      if (e.value.is_null()) continue;
      refuse(errors_, spec->value.file_name(), e.key_where, "spec:" + e.key);
      return false;
    }
    return true;
  }

  std::optional<node> include_all(node const& includes) {
    node base;
    base.type = yaml::kind::mapping;
    base.where = includes.where;
    base.file = includes.file;
    bool good = true;
    std::vector<node> const items = includes.is_sequence() ? includes.items : std::vector{includes};
    for (node const& item : items) {
      if (item.is_null() && !includes.is_sequence()) continue;
      good = include_item(item, base) && good;
    }
    if (!good) return std::nullopt;
    return base;
  }

  bool include_item(node const& item, node& base) {
    if (item.is_string()) {
      bool const remote = item.text.starts_with("http://") || item.text.starts_with("https://");
      if (!remote) return include_local(item, item.text, base);
      refuse(errors_, item.file_name(), item.where, "include:remote");
      return false;
    }
    if (!item.is_mapping()) {
      fail(
          item,
          "Each include must use only one of: local, project, remote, template, component, artifact");
      return false;
    }
    if (!check_keys(item)) return false;
    node const& local = *item.find("local");
    if (!local.is_string()) {
      fail(local, fmt::format("Included file `{}` needs to be a string", local.text));
      return false;
    }
    std::optional<bool> const wanted = rules_hold(item);
    if (!wanted) return false;
    return !*wanted || include_local(local, local.text, base);
  }

  bool check_keys(node const& item) {
    static constexpr std::array kinds{"local",    "project",   "remote",
                                      "template", "component", "artifact"};
    std::size_t used = 0;
    for (char const* const kind : kinds) used += item.find(kind) ? 1 : 0;
    if (used != 1) {
      fail(
          item,
          "Each include must use only one of: local, project, remote, template, component, artifact");
      return false;
    }
    for (node::entry const& e : item.entries) {
      if (e.key == "local" || e.key == "rules") continue;
      bool const known = std::ranges::find(kinds, e.key) != kinds.end() || e.key == "inputs";
      if (known) {
        refuse(errors_, item.file_name(), e.key_where, "include:" + e.key);
        return false;
      }
      bool const of_other_kind = e.key == "file" || e.key == "ref" || e.key == "integrity";
      if (of_other_kind && !item.find("local")) continue;
      errors_.add(item.file_name(), e.key_where, "include",
                  "config contains unknown keys: " + e.key);
      return false;
    }
    return true;
  }

  // Nothing after an error.
  std::optional<bool> rules_hold(node const& item) {
    node const* const rules = item.find("rules");
    if (!rules || rules->is_null()) return true;
    if (!rules->is_sequence()) {
      return fail(*rules, "include:rules config should be an array of hashes");
    }
    for (node const& rule : rules->items) {
      std::size_t const before = errors_.size();
      bool const holds = context_.rule_holds(rule, errors_);
      if (errors_.size() != before) return std::nullopt;
      if (!holds) continue;
      node const* const when = rule.find("when");
      return !when || when->text != "never";
    }
    return false;
  }

  bool include_local(node const& at, std::string const& written, node& base) {
    std::string path = expand(written, context_.variables, undefined_reference::blank);
    while (path.starts_with('/')) path.erase(0, 1);
    if (path.find('*') == std::string::npos) return include_file(at, path, base);
    bool good = true;
    for (std::string const& name : context_.files.list()) {
      if (include_pattern_matches(path, name)) good = include_file(at, name, base) && good;
    }
    return good;
  }

  bool include_file(node const& at, std::string const& path, node& base) {
    if (path.empty()) return fail(at, "Local file `` does not exist!"), false;
    if (!has_yaml_extension(path)) {
      return fail(at, fmt::format("Included file `{}` does not have YAML extension!", path)), false;
    }
    if (++files_ > file_limit) {
      if (files_ == file_limit + 1) {
        fail(at, fmt::format("Maximum of {} nested includes are allowed!", file_limit));
      }
      return false;
    }
    std::optional<std::string> const text =
        leaves_repository(path) ? std::nullopt : context_.files.read(path);
    if (!text) return fail(at, fmt::format("Local file `{}` does not exist!", path)), false;
    bool const blank = text->find_first_not_of(" \t\r\n") == std::string::npos;
    if (blank) return fail(at, fmt::format("Local file `{}` is empty!", path)), false;

    std::optional<node> included = content(*text, path);
    if (!included) return false;
    base = yaml::deep_merge(std::move(base), *included);
    return true;
  }

  include_context const& context_;
  diagnostics& errors_;
  int files_ = 0;
};

}  // namespace

bool include_pattern_matches(std::string_view pattern, std::string_view path) {
  std::string expression;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '*') {
      expression += RE2::QuoteMeta(re2::StringPiece(&pattern[i], 1));
    } else if (i + 1 < pattern.size() && pattern[i + 1] == '*') {
      expression += ".*";
      ++i;
    } else {
      expression += "[^/]*";
    }
  }
  RE2::Options options;
  options.set_dot_nl(true);
  options.set_log_errors(false);
  options.set_encoding(RE2::Options::EncodingLatin1);
  return RE2::FullMatch(re2::StringPiece(path.data(), path.size()), RE2(expression, options));
}

std::optional<node> load_configuration(std::string_view text, std::string_view file,
                                       include_context const& context, diagnostics& errors) {
  return loader(context, errors).content(text, file);
}

}  // namespace corunner::pipeline::structure
