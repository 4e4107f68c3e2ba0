#pragma once

#include "net/asio.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace corunner::coordinator {

// The content of a gzip file of one member (git compresses the longer of its requests so). Fails
// when it is damaged, or larger than `limit`.
result<std::string> gunzip(std::string_view packed, std::size_t limit);

}  // namespace corunner::coordinator
