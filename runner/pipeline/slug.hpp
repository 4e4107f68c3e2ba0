#pragma once

#include <string>
#include <string_view>

namespace corunner::pipeline {

// The `..._SLUG` form: lower case, everything but letters and digits a dash, at most 63 characters,
// no dash at either end.
std::string slug(std::string_view text);

// The slug of an environment: at most 24 characters, with a hash of the name when it had to change.
std::string environment_slug(std::string_view name);

// The tier that GitLab guesses from an environment's name.
std::string guess_tier(std::string_view environment_name);

// SHA-1 in hex.
std::string sha1_hex(std::string_view bytes);

}  // namespace corunner::pipeline
