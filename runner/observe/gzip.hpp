#pragma once

#include <string>
#include <string_view>

namespace corunner {

// Whether the value of an Accept-Encoding field allows gzip ("gzip", "deflate, gzip;q=0.5").
bool takes_gzip(std::string_view accept_encoding);

// As a gzip file, packed quickly rather than well.
std::string in_gzip(std::string_view text);

}  // namespace corunner
