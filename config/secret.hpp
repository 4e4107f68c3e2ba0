#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>

namespace corunner {

// Text that must not be shown: a token, a password. Formatting or logging one prints "[MASKED]";
// who really needs it asks by name.
class secret {
 public:
  secret() = default;
  explicit secret(std::string text) : text_(std::move(text)) {}

  std::string const& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

  bool operator==(secret const&) const = default;

 private:
  std::string text_;
};

}  // namespace corunner

template <>
struct fmt::formatter<corunner::secret> : fmt::formatter<std::string_view> {
  template <class Context>
  auto format(corunner::secret const& what, Context& context) const {
    return fmt::formatter<std::string_view>::format(what.empty() ? "" : "[MASKED]", context);
  }
};
