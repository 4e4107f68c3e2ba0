#pragma once

#include "runner/command/terminal.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

using table_row = std::vector<std::string>;

// The SGR style of a cell of a column ("31"), empty for none.
using cell_style = std::string (*)(std::size_t column, std::string const& cell);

// Rows as columns, the first row as bold heads. Columns are as wide as their widest cell, two
// spaces apart, the last one is not padded. Where `width` columns of a terminal do not suffice (0:
// they always do), the widest columns give way, and what is cut ends in "…". Text that came from
// elsewhere is shown as text: control characters become "?".
std::string columns(std::vector<table_row> const& rows, terminal const& screen, cell_style style,
                    std::size_t width = 0);

std::string no_style(std::size_t column, std::string const& cell);

// `text` without what would command a terminal.
std::string printable(std::string_view text);

// How many columns of a terminal UTF-8 text takes: two for the wide characters of East Asia and
// emoji.
std::size_t shown_width(std::string_view text);

// `text` broken at spaces into lines of at most `width` columns (0: one line), all but the first
// one moved in by `indent`. Words that are longer stay whole.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

}  // namespace corunner
