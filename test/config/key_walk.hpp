#pragma once

#include "config/keys.hpp"

#include <string>
#include <vector>

namespace corunner::test {

// A declared key at one place of the file: a section that serves several tables is met in each.
struct walked_key {
  std::vector<config::key const*> tables;  // around it, from the outside
  config::key const* what = nullptr;
  config::section const* within = nullptr;
  config::flag_names names;
  bool deprecated = false;  // itself or with a table around it

  std::string section() const;  // "runners.docker"; "" for the top level
};

// Every key of the file in the order of declaration, tables before what is in them.
std::vector<walked_key> walk_keys();

// The field of a key in `values`, in the first entry of each list on the way; the tables are there.
config::field field_of(walked_key const& key, config::configuration& values);

}  // namespace corunner::test
