#pragma once

#include <exception>
#include <string>

namespace corunner::net {

// What an exception says, for a log; "unknown exception" when it is no std::exception.
std::string exception_text(std::exception_ptr const& failure);

}  // namespace corunner::net
