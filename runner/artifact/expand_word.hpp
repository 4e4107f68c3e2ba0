#pragma once

#include "config/file.hpp"

#include <string>
#include <string_view>

namespace corunner {

// A word of a shell between double quotes, expanded: `value` is the text as it was when `failure`
// says why not.
struct expanded_word {
  std::string value;
  std::string failure;
};

// Expands $V, ${V}, the forms of ${V...} that POSIX and bash know (- = ? + with and without colon,
// # ## % %% / // : ^ ^^ , ,, and ${#V}, ${!V}) and $((...)). Quotes stand for themselves, a
// backslash quotes $, ` and itself, commands and assignments (= of what is not set) are refused.
// What is not set is empty, what is empty is not set, and so are the shell's own parameters ($1,
// $@, $$) (helper.md 4.1).
expanded_word expand_word(std::string_view text, config::environment const& variables);

}  // namespace corunner
