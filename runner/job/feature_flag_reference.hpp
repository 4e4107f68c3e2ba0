#pragma once

#include <span>
#include <string>
#include <string_view>

namespace corunner {

// What a feature flag is good for here.
struct flag_meaning {
  std::string_view name;
  bool has_effect = false;  // else it is accepted and exported to jobs, and nothing comes of it
  std::string_view text;    // what it does; without effect: why nothing
};

// Of every flag in all_feature_flags(), in that order.
std::span<flag_meaning const> flag_meanings();

// The part of the reference page about flags, in Markdown.
std::string feature_flag_reference();

}  // namespace corunner
