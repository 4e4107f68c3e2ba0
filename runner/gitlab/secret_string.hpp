#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace corunner::gitlab {

// A text that must not be printed by accident: formatting gives [MASKED], only reveal() the text.
class secret_string {
 public:
  secret_string() = default;
  explicit secret_string(std::string text) : text_(std::move(text)) {}

  std::string const& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }
  bool operator==(secret_string const&) const = default;

 private:
  std::string text_;
};

}  // namespace corunner::gitlab

template <>
struct fmt::formatter<corunner::gitlab::secret_string> : fmt::formatter<std::string_view> {
  template <class Context>
  auto format(corunner::gitlab::secret_string const& secret, Context& context) const {
    std::string_view const shown = secret.empty() ? "" : "[MASKED]";
    return fmt::formatter<std::string_view>::format(shown, context);
  }
};
