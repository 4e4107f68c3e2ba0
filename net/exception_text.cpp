#include "net/exception_text.hpp"

namespace corunner::net {

std::string exception_text(std::exception_ptr const& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (std::exception const& error) {
    return error.what();
  } catch (...) {
    return "unknown exception";
  }
}

}  // namespace corunner::net
