#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runner/pipeline/diagnostic.hpp"

namespace corunner::pipeline::yaml {

enum class kind { null, boolean, integer, real, string, reference, sequence, mapping };

// A YAML value that knows where it was written. Aliases and merge keys are already resolved.
//
// Scalars keep their text in the form that Ruby's to_s gives (`0777` reads "511", `yes` "true"):
// that is what GitLab shows, compares and hands to jobs.
struct node {
  struct entry;

  kind type = kind::null;
  std::string text;           // of a scalar
  std::vector<node> items;    // of a sequence, and the path of a `!reference`
  std::vector<entry> entries;  // of a mapping, in the order written
  position where;
  std::shared_ptr<std::string const> file;  // shared by all nodes of one file

  bool is_null() const { return type == kind::null; }
  bool is_string() const { return type == kind::string; }
  bool is_sequence() const { return type == kind::sequence; }
  bool is_mapping() const { return type == kind::mapping; }
  bool is_true() const { return type == kind::boolean && text == "true"; }
  bool is_false() const { return type == kind::boolean && text == "false"; }

  // The value of a key of a mapping; null when there is none.
  node const* find(std::string_view key) const;
  node* find(std::string_view key);
  entry const* find_entry(std::string_view key) const;

  // Adds a key or replaces its value, keeping the place of the first.
  void set(entry what);
  void erase(std::string_view key);

  std::string_view file_name() const { return file ? std::string_view(*file) : std::string_view(); }
};

struct node::entry {
  std::string key;
  position key_where;
  node value;
};

// `over` laid upon `base`: mappings merge key by key, everything else is replaced.
node deep_merge(node base, node const& over);

// Nodes in the tree, itself included.
std::size_t count_nodes(node const& tree);

}  // namespace corunner::pipeline::yaml
