#include "runner/command/token_input.hpp"

#include "config/atomic_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace corunner {

namespace {

constexpr std::string_view white = " \t\r\n";

config::outcome<secret> token_of(std::string_view text, std::string const& where) {
  auto const first = text.find_first_not_of(white);
  if (first == std::string_view::npos) {
    return config::failure{where + " is empty: it should hold a token"};
  }
  text = text.substr(first, text.find_last_not_of(white) - first + 1);
  if (text.find_first_of(white) != std::string_view::npos) {
    return config::failure{where +
                           " holds more than one word: it should hold a token and nothing else"};
  }
  return secret(std::string(text));
}

}  // namespace

bool looks_like_token(std::string_view text) {
  constexpr std::array<std::string_view, 4> marks{"glrt-", "glrtr-", "glpat-", "GR1348941"};
  // An instance may put a prefix of its own before these.
  return std::ranges::any_of(
      marks, [text](auto mark) { return text.find(mark) != std::string_view::npos; });
}

awaitable<config::outcome<secret>> read_token(std::string file, questions& input) {
  if (file == "-") {
    std::string line;
    try {
      line = co_await input.ask_secret("Enter the token (it is not shown):");
    } catch (no_answer const&) {
      co_return config::failure{"standard input ended before a token came"};
    }
    co_return token_of(line, "standard input");
  }
  auto const text = config::read_file(file);
  // A frequent mistake, and the name would be shown.
  if ((!text || text->missing) && looks_like_token(file)) {
    co_return config::failure{"expected the name of a file with a token, found a token"};
  }
  if (!text) co_return text.error();
  if (text->missing) {
    co_return config::failure{fmt::format("there is no file '{}' with a token", file)};
  }
  co_return token_of(text->bytes, fmt::format("file '{}'", file));
}

awaitable<std::string> complete_token(secret& token, std::string file, std::string flag,
                                      questions& input) {
  if (file.empty()) co_return "";
  if (!token.empty()) {
    co_return fmt::format(
        "--{0} (or its variable) and --{0}-file are both given: one token is enough", flag);
  }
  auto read = co_await read_token(std::move(file), input);
  if (!read) co_return read.error().message;
  token = *std::move(read);
  co_return "";
}

}  // namespace corunner
