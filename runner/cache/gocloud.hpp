#pragma once

#include <string>
#include <string_view>

namespace corunner {

// Why an object of that Go Cloud URL ("s3://bucket/object?region=...") cannot be reached.
std::string gocloud_refusal(std::string_view url);

}  // namespace corunner
