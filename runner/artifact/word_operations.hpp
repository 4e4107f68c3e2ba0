#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace corunner {

// What ${V...} does with the value of V (expand_word). Patterns are those of a shell's case, in
// which
// '/' is a character like any other; lengths and offsets count characters.

// ${V#pattern} and ${V##pattern}, ${V%pattern} and ${V%%pattern}.
std::string without_front(std::string const& value, std::string const& pattern, bool longest);
std::string without_end(std::string const& value, std::string const& pattern, bool longest);
// ${V/pattern/with} and ${V//pattern/with}.
std::string replaced(std::string const& value, std::string const& pattern, std::string const& with,
                     bool all);
// ${V^pattern}, ${V^^pattern} and the same with commas: of the letters that match; of all when the
// pattern is empty. ASCII letters only.
std::string in_case(std::string value, std::string const& pattern, bool upper, bool all);
std::size_t length_of(std::string_view value);
// ${V:offset:length}; what is negative counts from the end.
std::string part_of(std::string const& value, std::int64_t offset,
                    std::optional<std::int64_t> length);
// Without the quotes around a whole word inside of ${V-word}.
std::string unquoted(std::string const& word);

}  // namespace corunner
