#pragma once

#include "net/http_message.hpp"
#include "runner/cache/cache_options.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace corunner {

// Reads a JSON object of strings, as --metadata and CACHE_METADATA have it; null is an empty one,
// and as a value an empty string. Nothing, and why in `failure`, for anything else.
std::optional<cache_metadata> parse_metadata(std::string_view json, std::string& failure);

// What an object store said about an object: its fields "X-<vendor>-Meta-<name>".
cache_metadata metadata_of(net::http_fields const& answer);

// What stands in metadata.json beside an archive: the object again.
std::string metadata_text(cache_metadata const& metadata);

}  // namespace corunner
