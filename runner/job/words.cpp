#include "runner/job/words.hpp"

#include <algorithm>

namespace corunner {
namespace {

constexpr std::string_view white_space = " \t\n\v\f\r";

}  // namespace

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  for (auto at = text.find_first_not_of(white_space); at != std::string_view::npos;
       at = text.find_first_not_of(white_space, at)) {
    auto const end = std::min(text.find_first_of(white_space, at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

std::string_view trim(std::string_view text) {
  auto const first = text.find_first_not_of(white_space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

}  // namespace corunner
