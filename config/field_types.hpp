#pragma once

#include "config/document.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace corunner::config {

using timestamp = std::chrono::system_clock::time_point;
using string_map = std::map<std::string, std::string>;
using flag_map = std::map<std::string, bool>;
using list_map = std::map<std::string, std::vector<std::string>>;

// A list that may be written as one string; the flag takes it comma-separated.
struct one_or_more {
  std::vector<std::string> values;

  bool operator==(one_or_more const&) const = default;
};

}  // namespace corunner::config
