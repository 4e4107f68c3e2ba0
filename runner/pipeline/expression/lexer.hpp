#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::pipeline::expression {

enum class token_kind {
  variable,  // text: the name
  string,    // text: what stands between the quotes
  pattern,   // text: everything, slashes and flags included
  null,
  true_word,
  false_word,
  open,
  close,
  equals,
  not_equals,
  matches,
  not_matches,
  both,    // &&
  either,  // ||
  negate,  // !
};

struct token {
  token_kind kind;
  std::string text;
  std::size_t offset;  // in the expression
};

struct lexed {
  std::vector<token> tokens;
  std::string error;  // empty: no error
};

// Splits the text of a `rules:if` into at most 100 tokens.
lexed lex(std::string_view text);

}  // namespace corunner::pipeline::expression
