#pragma once

#include "config/file.hpp"

#include <string>
#include <string_view>

namespace corunner::config {

// `text` with $NAME and ${NAME} replaced, unset ones by nothing. "$" and one of *#$@!?- or a digit
// is a variable too; any other "$" stays. What is put in is not looked at again (config.md 6).
std::string expand(std::string_view text, environment const& variables);

}  // namespace corunner::config
