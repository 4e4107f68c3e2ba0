#include "runner/pipeline/expression/lexer.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

#include <array>

namespace corunner::pipeline::expression {
namespace {

constexpr std::size_t token_limit = 100;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

struct fixed_token {
  std::string_view text;
  token_kind kind;
};

// Longer texts before their prefixes.
constexpr std::array<fixed_token, 9> operators{{
    {"==", token_kind::equals},
    {"!=", token_kind::not_equals},
    {"=~", token_kind::matches},
    {"!~", token_kind::not_matches},
    {"&&", token_kind::both},
    {"||", token_kind::either},
    {"!", token_kind::negate},
    {"(", token_kind::open},
    {")", token_kind::close},
}};

constexpr std::array<fixed_token, 3> words{{
    {"null", token_kind::null},
    {"true", token_kind::true_word},
    {"false", token_kind::false_word},
}};

std::size_t word_length(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && is_word(text[n])) ++n;
  return n;
}

// At least two characters between the slashes, as in GitLab: `/a/` is not a pattern.
std::size_t pattern_length(std::string_view text) {
  static RE2 const shape("(/(?:[^/]|\\\\/)+[^\\\\]/[ismU]*)");
  re2::StringPiece const input(text.data(), text.size());
  re2::StringPiece found;
  if (!shape.Match(input, 0, input.size(), RE2::ANCHOR_START, &found, 1)) return 0;
  return found.size();
}

// Reads one token at the beginning of `rest` into `out`; the number of characters, 0 when there is
// no token.
std::size_t read_token(std::string_view rest, token& out) {
  if (rest.front() == '$') {
    std::size_t const n = word_length(rest.substr(1));
    if (n == 0) return 0;
    out.kind = token_kind::variable;
    out.text = rest.substr(1, n);
    return n + 1;
  }
  if (rest.front() == '"' || rest.front() == '\'') {
    std::size_t const end = rest.find(rest.front(), 1);
    if (end == std::string_view::npos) return 0;
    out.kind = token_kind::string;
    out.text = rest.substr(1, end - 1);
    return end + 1;
  }
  if (rest.front() == '/') {
    std::size_t const n = pattern_length(rest);
    out.kind = token_kind::pattern;
    out.text = rest.substr(0, n);
    return n;
  }
  for (fixed_token const& o : operators) {
    if (!rest.starts_with(o.text)) continue;
    out.kind = o.kind;
    return o.text.size();
  }
  std::size_t const n = word_length(rest);
  for (fixed_token const& w : words) {
    if (rest.substr(0, n) != w.text) continue;
    out.kind = w.kind;
    return n;
  }
  return 0;
}

std::string explain(std::string_view rest) {
  if (rest.starts_with("${")) return "write '$NAME', '${NAME}' is not allowed in expressions";
  if (rest.starts_with("$[[")) return "'$[[ ]]' is not supported yet";
  if (rest.front() == '/') {
    return "a regular expression needs at least two characters and a closing '/'";
  }
  if (rest.front() == '"' || rest.front() == '\'') return "unterminated string";
  return fmt::format("unexpected '{}'", rest.substr(0, std::min<std::size_t>(rest.size(), 20)));
}

}  // namespace

lexed lex(std::string_view text) {
  lexed out;
  std::size_t at = 0;
  while (true) {
    while (at < text.size() && is_space(text[at])) ++at;
    if (at == text.size()) return out;
    if (out.tokens.size() == token_limit) {
      out.error = fmt::format("more than {} tokens", token_limit);
      return out;
    }
    token next{token_kind::null, {}, at};
    std::size_t const n = read_token(text.substr(at), next);
    if (n == 0) {
      out.error = explain(text.substr(at));
      return out;
    }
    out.tokens.push_back(std::move(next));
    at += n;
  }
}

}  // namespace corunner::pipeline::expression
