#pragma once

#include "config/boxed.hpp"

#include <string>
#include <utility>

namespace corunner::config {

// Text that few have, such as a script of the administrator's: a pointer where it is empty. Reads
// as a std::string.
class boxed_text {
 public:
  boxed_text() = default;
  boxed_text(std::string text) {
    if (!text.empty()) text_ = std::move(text);
  }
  boxed_text(char const* text) : boxed_text(std::string(text)) {}

  std::string const& text() const { return text_.or_empty(); }
  operator std::string const&() const { return text(); }
  bool empty() const { return !text_.has_value(); }

  bool operator==(boxed_text const&) const = default;

 private:
  boxed<std::string> text_;
};

}  // namespace corunner::config
