#pragma once

#include "runner/trace/phrase_automaton.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace corunner {

// The text with [MASKED] for each phrase of at least `shortest` bytes, or for several that overlap;
// nothing when it holds none.
std::optional<std::string> hide_phrases(phrase_automaton const& phrases, std::string_view text,
                                        std::size_t shortest);

}  // namespace corunner
