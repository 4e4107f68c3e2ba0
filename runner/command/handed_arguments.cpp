#include "runner/command/handed_arguments.hpp"

#include <boost/beast/core/detail/base64.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cstdlib>
#include <string_view>

namespace corunner {
namespace {

namespace base64 = boost::beast::detail::base64;

constexpr char const* variable = "_GITLAB_RUNNER_HELPER_NATIVE_STEPS_ARGV";

}  // namespace

std::vector<std::string> with_handed_arguments(std::vector<std::string> words) {
  if (!words.empty()) return words;
  char const* const standing = std::getenv(variable);
  if (!standing) return words;
  std::string_view const coded = standing;
  std::string plain(base64::decoded_size(coded.size()), '\0');
  plain.resize(base64::decode(plain.data(), coded.data(), coded.size()).first);
  ::unsetenv(variable);

  boost::system::error_code bad;
  auto const parsed = boost::json::parse(plain, bad);
  auto const* const list = bad ? nullptr : parsed.if_array();
  if (!list) return words;
  std::vector<std::string> handed;
  for (auto const& each : *list) {
    auto const* const word = each.if_string();
    if (!word) return words;
    handed.emplace_back(*word);
  }
  return handed;
}

}  // namespace corunner
