#pragma once

#include "net/asio.hpp"

#include <string>

namespace corunner {

// Why a request had no answer, in the words that people search for, which are GitLab's.
std::string cause_of(error_code const& ec);

}  // namespace corunner
