#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace corunner::coordinator {

// Whether the text is well-formed UTF-8 (no overlong forms, no surrogates). What is stored and
// shown must be: JSON knows nothing else.
bool is_utf8(std::string_view text);
// Its characters, as GitLab counts them.
std::size_t count_characters(std::string_view text);
// As many whole characters of well-formed text as fit into `limit` bytes.
std::string prefix_of(std::string_view text, std::size_t limit);

}  // namespace corunner::coordinator
