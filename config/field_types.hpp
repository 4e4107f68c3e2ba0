#pragma once

#include "config/boxed.hpp"
#include "config/document.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace corunner::config {

using timestamp = std::chrono::system_clock::time_point;
using string_map = std::map<std::string, std::string>;
using flag_map = std::map<std::string, bool>;
using list_map = std::map<std::string, std::vector<std::string>>;

using number_map = std::map<std::string, std::int64_t>;

// What every struct of a table has: the keys that this version does not know, kept for the save.
// Few files have any, and there is a table of these at least per runner.
struct open_table {
  boxed<std::vector<entry>> other;

  bool operator==(open_table const&) const = default;
};

// A table whose keys are the user's own, of any type.
struct free_table {
  std::vector<entry> entries;

  bool operator==(free_table const&) const = default;
};

// A list that may be written as one string; the flag takes it comma-separated.
struct one_or_more {
  std::vector<std::string> values;

  bool operator==(one_or_more const&) const = default;
};

}  // namespace corunner::config
