#pragma once

#include "runner/trace/byte_sink.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace corunner::test {

// Collects what a filter lets through.
struct collected final : byte_sink {
  std::string text;
  std::vector<std::string> puts;
  void put(std::string_view bytes) override {
    text.append(bytes);
    puts.emplace_back(bytes);
  }
};

// "ab|c" to the writes "ab" and "c".
inline std::vector<std::string> writes_of(std::string_view text) {
  std::vector<std::string> out(1);
  for (char const c : text) {
    if (c == '|') {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

}  // namespace corunner::test
