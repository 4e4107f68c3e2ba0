#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace corunner::config {

// A part of a text of TOML, and where it begins.
struct piece {
  std::string_view text;
  int first_line = 1;
};

// A text, cut in front of some of the lines that begin a [[runners]] entry; the first piece has
// none. Lines are taken as they come: a cut may be within a text of several lines, which leaves a
// piece that is no TOML.
struct cut_text {
  std::vector<piece> pieces;
  std::size_t entries = 0;  // such lines, cut or not
};
cut_text cut(std::string_view text);

}  // namespace corunner::config
