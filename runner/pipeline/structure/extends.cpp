#include "runner/pipeline/structure/extends.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace corunner::pipeline::structure {
namespace {

using yaml::node;

constexpr std::size_t depth_limit = 10;

class resolver {
 public:
  explicit resolver(node& root) : root_(root) {}

  std::optional<diagnostic> run() {
    for (node::entry& e : root_.entries) {
      if (!resolve(e.key, e.value)) break;
    }
    return std::move(error_);
  }

 private:
  static std::vector<std::string> base_names(node const& extends) {
    if (!extends.is_sequence()) return {extends.text};
    std::vector<std::string> out;
    for (node const& item : extends.items) out.push_back(item.text);
    return out;
  }

  bool fail(node const& at, std::string const& name, std::string const& text) {
    error_ = diagnostic{std::string(at.file_name()), at.where, "", name + ": " + text};
    return false;
  }

  // Replaces `value` by its bases merged with itself. False when there was an error.
  bool resolve(std::string const& name, node& value) {
    if (!value.is_mapping() || done_.contains(name)) return true;
    node const* const found = value.find("extends");
    if (!found || found->is_null()) {
      value.erase("extends");
      return true;
    }
    node const extends = *found;
    if (std::ranges::find(path_, name) != path_.end()) {
      return fail(extends, name, "circular dependency detected in `extends`");
    }
    if (path_.size() >= depth_limit) {
      return fail(extends, name, "nesting too deep in `extends`");
    }
    std::vector<std::string> const bases = base_names(extends);
    if (!check_bases(extends, name, bases)) return false;

    path_.push_back(name);
    node merged;
    merged.type = yaml::kind::mapping;
    for (std::string const& base : bases) {
      node* const from = root_.find(base);
      if (!resolve(base, *from)) return false;
      merged = yaml::deep_merge(std::move(merged), *from);
    }
    path_.pop_back();

    value.erase("extends");
    node result = yaml::deep_merge(std::move(merged), value);
    result.where = value.where;
    result.file = value.file;
    value = std::move(result);
    done_.insert(name);
    return true;
  }

  bool check_bases(node const& extends, std::string const& name,
                   std::vector<std::string> const& bases) {
    std::vector<std::string> unknown;
    std::vector<std::string> invalid;
    for (std::string const& base : bases) {
      node const* const found = root_.find(base);
      if (!found) {
        unknown.push_back(base);
      } else if (!found->is_mapping()) {
        invalid.push_back(base);
      }
    }
    if (!unknown.empty()) {
      return fail(extends, name,
                  fmt::format("unknown keys in `extends` ({})", fmt::join(unknown, ", ")));
    }
    if (!invalid.empty()) {
      return fail(extends, name,
                  fmt::format("invalid base hashes in `extends` ({})", fmt::join(invalid, ", ")));
    }
    return true;
  }

  node& root_;
  std::set<std::string> done_;
  std::vector<std::string> path_;  // what is being resolved
  std::optional<diagnostic> error_;
};

}  // namespace

std::optional<diagnostic> resolve_extends(node& root) { return resolver(root).run(); }

}  // namespace corunner::pipeline::structure
