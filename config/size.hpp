#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace corunner::config {

// Bytes of a Docker size (config.md 11.2): "512m", "1.5 GiB", "1024"; suffixes b, k, m, g, t, p,
// the latter five also with b or ib, in any case, powers of 1024. Nothing for other text and for a
// negative number.
std::optional<std::int64_t> parse_size(std::string_view text);

}  // namespace corunner::config
