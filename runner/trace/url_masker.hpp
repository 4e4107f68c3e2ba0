#pragma once

#include "runner/trace/byte_sink.hpp"

#include <string>
#include <string_view>

namespace corunner {

// Hides the values of URL parameters that carry credentials: after '?' or '&', a key of the list
// (any case), '=': the value up to '?', '&', white space or a control character becomes [MASKED].
// Holds nothing back. Wire: job-lifecycle.md 11.2.
class url_masker final : public byte_sink {
 public:
  explicit url_masker(byte_sink& next) : next_(next) {}

  void put(std::string_view bytes) override;
  void finish();

 private:
  enum class place { text, key, value };

  std::size_t read_key(std::string_view bytes, std::size_t from);
  static std::size_t end_of_value(std::string_view bytes, std::size_t from);

  byte_sink& next_;
  place place_ = place::text;
  std::string key_;  // lower case, so far
};

}  // namespace corunner
