#pragma once

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

#include <stdexcept>
#include <string>

namespace corunner::config {

// Why something the user wrote cannot be used, in words for the user.
struct failure {
  std::string message;

  bool operator==(failure const&) const = default;
};

// What outcome<T>::value() throws when there is no value.
[[noreturn]] inline void throw_exception_from_error(failure const& why,
                                                    boost::source_location const&) {
  throw std::runtime_error(why.message);
}

// The value, or why there is none.
template <class T>
using outcome = boost::system::result<T, failure>;

}  // namespace corunner::config
