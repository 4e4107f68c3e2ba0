// Feeds arbitrary patterns and paths to the globs of artifacts.
//
// Beyond not crashing: a pattern of a plain path, quoted, matches that path and nothing else; an
// invalid pattern matches nothing; what any alternative of a pattern matches, the pattern matches.
#include "exec/archive/glob.hpp"
#include "exec/archive/lexical_path.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace corunner::exec;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::string quoted(std::string_view path) {
  std::string pattern;
  for (char const c : path) {
    if (std::string_view("\\*?[]{},!^-").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const input(reinterpret_cast<char const*>(data), size);
  auto const cut = input.find('\n');
  auto const pattern = input.substr(0, cut);
  auto const path = clean_path(cut == std::string_view::npos ? "a/b.txt" : input.substr(cut + 1));
  glob const with(pattern);
  bool const matched = with.matches(path);
  require(with.valid() || !matched);
  auto const [base, rest] = split_glob(pattern);
  require(base.size() + rest.size() <= pattern.size() + 1);
  if (path.starts_with('/')) return 0;
  glob const itself(quoted(path));
  require(itself.valid() && itself.matches(path) && !itself.matches(path + "x"));
  glob const both("{" + quoted(path) + ",x}");
  require(both.valid() && both.matches(path) && both.matches("x"));
  return 0;
}
