#include "runner/pipeline/structure/reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace corunner::pipeline::structure {
namespace {

using yaml::kind;
using yaml::node;

// What all references together may grow the configuration to.
constexpr std::size_t node_limit = 400'000;

using address = std::vector<std::string>;

std::string show(address const& path) {
  std::string out;
  for (std::string const& step : path) {
    out += fmt::format("{}\"{}\"", out.empty() ? "" : ", ", step);
  }
  return fmt::format("!reference [{}]", out);
}

class resolver {
 public:
  explicit resolver(node const& root) : root_(root) {}

  std::optional<diagnostic> run(node& into) {
    resolve(into);
    return std::move(error_);
  }

 private:
  bool fail(node const& at, std::string text) {
    error_ = diagnostic{std::string(at.file_name()), at.where, "", std::move(text)};
    return false;
  }

  bool resolve(node& value) {
    if (++visited_ > node_limit) return fail(value, "The parsed YAML is too big");
    if (value.type == kind::reference) return replace(value);
    for (node& item : value.items) {
      if (!resolve(item)) return false;
    }
    for (node::entry& e : value.entries) {
      if (!resolve(e.value)) return false;
    }
    return true;
  }

  bool replace(node& value) {
    address path;
    bool valid = !value.items.empty();
    for (node const& item : value.items) {
      valid = valid && item.is_string();
      path.push_back(item.text);
    }
    if (!valid) return fail(value, show(path) + " is not valid");
    if (std::ranges::find(open_, path) != open_.end()) {
      return fail(value, show(path) + " is part of a circular chain");
    }
    open_.push_back(path);
    std::optional<node> found = look_up(value, path);
    if (!found) return false;
    if (!resolve(*found)) return false;
    open_.pop_back();
    value = std::move(*found);
    return true;
  }

  // Walks the configuration; a reference on the way is resolved first.
  std::optional<node> look_up(node const& at, address const& path) {
    node const* here = &root_;
    node resolved;
    for (std::string const& step : path) {
      here = here->is_mapping() ? here->find(step) : nullptr;
      if (here && here->type == kind::reference && &step != &path.back()) {
        resolved = *here;
        if (!replace(resolved)) return std::nullopt;
        here = &resolved;
      }
      if (!here) break;
    }
    if (!here || here->is_null() || here->is_false()) {
      fail(at, show(path) + " could not be found");
      return std::nullopt;
    }
    return *here;
  }

  node const& root_;
  std::vector<address> open_;
  std::size_t visited_ = 0;
  std::optional<diagnostic> error_;
};

}  // namespace

std::optional<diagnostic> resolve_references(node& root) {
  node const before = root;
  return resolver(before).run(root);
}

}  // namespace corunner::pipeline::structure
