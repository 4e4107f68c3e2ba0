#include "config/keys.hpp"

#include <algorithm>
#include <cctype>

namespace corunner::config {

namespace {

bool same_in_any_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

}  // namespace

key const* find_key(section const& within, std::string_view name) {
  for (key const& each : within.keys) {
    if (each.name == name) return &each;
  }
  for (key const& each : within.keys) {
    if (same_in_any_case(each.name, name)) return &each;
  }
  return nullptr;
}

}  // namespace corunner::config
