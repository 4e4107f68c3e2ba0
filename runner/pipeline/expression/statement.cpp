#include "runner/pipeline/expression/statement.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <memory>

#include "runner/pipeline/expression/lexer.hpp"

namespace corunner::pipeline::expression {
namespace {

bool is_blank(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
}

bool is_nil_or_false(value const& v) {
  if (std::holds_alternative<std::monostate>(v)) return true;
  bool const* b = std::get_if<bool>(&v);
  return b && !*b;
}

bool is_present(value const& v) {
  if (is_nil_or_false(v)) return false;
  std::string const* text = std::get_if<std::string>(&v);
  return !text || !is_blank(*text);
}

struct split_pattern {
  std::string_view body;
  std::string_view flags;
};

std::optional<split_pattern> split(std::string_view text) {
  if (text.size() < 2 || text.front() != '/') return std::nullopt;
  std::size_t const last = text.rfind('/');
  if (last == 0) return std::nullopt;
  std::string_view const flags = text.substr(last + 1);
  if (flags.find_first_not_of("ismU") != std::string_view::npos) return std::nullopt;
  return split_pattern{text.substr(1, last - 1), flags};
}

// Null when it is not a valid RE2 pattern.
std::unique_ptr<RE2> compile(split_pattern const& from) {
  std::string pattern;
  if (!from.flags.empty()) {
    pattern = "(?";
    pattern += from.flags;
    pattern += ')';
  }
  pattern += from.body;
  RE2::Options options;
  options.set_log_errors(false);
  auto compiled = std::make_unique<RE2>(pattern, options);
  if (!compiled->ok()) return nullptr;
  return compiled;
}

}  // namespace

bool looks_like_pattern(std::string_view text) { return split(text).has_value(); }

std::optional<bool> search(std::string_view text, std::string_view pattern) {
  std::optional<split_pattern> const parts = split(pattern);
  if (!parts) return std::nullopt;
  std::unique_ptr<RE2> const compiled = compile(*parts);
  if (!compiled) return std::nullopt;
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *compiled);
}

// Recursive descent; at most 100 tokens come in, which bounds the depth.
class parser {
 public:
  explicit parser(std::vector<token> tokens) : tokens_(std::move(tokens)) {}

  parsed run() {
    if (tokens_.empty()) return {std::nullopt, "the expression is empty"};
    std::optional<std::size_t> const root = either();
    if (root && at_ != tokens_.size()) fail("an operator is missing");
    if (!root || !error_.empty()) return {std::nullopt, error_};
    return {std::move(out_), {}};
  }

 private:
  using operation = statement::operation;
  using place = std::optional<std::size_t>;

  bool next_is(token_kind kind) const {
    return at_ < tokens_.size() && tokens_[at_].kind == kind;
  }

  bool accept(token_kind kind) {
    if (!next_is(kind)) return false;
    ++at_;
    return true;
  }

  place fail(std::string text) {
    if (error_.empty()) error_ = std::move(text);
    return std::nullopt;
  }

  place add(statement::part what) {
    out_.parts_.push_back(std::move(what));
    return out_.parts_.size() - 1;
  }

  place either() {
    place left = both();
    while (left && accept(token_kind::either)) {
      place const right = both();
      if (!right) return std::nullopt;
      left = add({operation::either, {}, {}, *left, *right});
    }
    return left;
  }

  place both() {
    place left = comparison();
    while (left && accept(token_kind::both)) {
      place const right = comparison();
      if (!right) return std::nullopt;
      left = add({operation::both, {}, {}, *left, *right});
    }
    return left;
  }

  std::optional<operation> comparison_operator() {
    if (accept(token_kind::equals)) return operation::equals;
    if (accept(token_kind::not_equals)) return operation::not_equals;
    if (accept(token_kind::matches)) return operation::matches;
    if (accept(token_kind::not_matches)) return operation::not_matches;
    return std::nullopt;
  }

  place comparison() {
    place left = unary();
    while (left) {
      std::optional<operation> const op = comparison_operator();
      if (!op) return left;
      place const right = unary();
      if (!right) return std::nullopt;
      left = add({*op, {}, {}, *left, *right});
    }
    return left;
  }

  place unary() {
    if (!accept(token_kind::negate)) return primary();
    place const operand = unary();
    if (!operand) return std::nullopt;
    return add({operation::negate, {}, {}, *operand, 0});
  }

  place primary() {
    if (at_ == tokens_.size()) return fail("an operand is missing at the end");
    token& next = tokens_[at_++];
    switch (next.kind) {
      case token_kind::open: {
        place const inner = either();
        if (inner && !accept(token_kind::close)) return fail("')' is missing");
        return inner;
      }
      case token_kind::variable:
        return add({operation::variable, std::move(next.text), {}});
      case token_kind::string:
        return add({operation::string, std::move(next.text), {}});
      case token_kind::pattern:
        if (!search("", next.text)) return fail("invalid regular expression " + next.text);
        return add({operation::pattern, std::move(next.text), {}});
      case token_kind::null:
        return add({operation::constant, {}, std::monostate{}});
      case token_kind::true_word:
        return add({operation::constant, {}, true});
      case token_kind::false_word:
        return add({operation::constant, {}, false});
      default:
        return fail("an operand is missing");
    }
  }

  std::vector<token> tokens_;
  std::size_t at_ = 0;
  statement out_;
  std::string error_;
};

parsed parse(std::string_view text) {
  lexed tokens = lex(text);
  if (!tokens.error.empty()) return {std::nullopt, std::move(tokens.error)};
  return parser(std::move(tokens.tokens)).run();
}

class statement::run {
 public:
  run(statement const& what, lookup const& variables) : what_(what), variables_(variables) {}

  bool bad_pattern() const { return bad_pattern_; }

  value of(std::size_t place) {
    part const& p = what_.parts_[place];
    switch (p.op) {
      case operation::variable: {
        std::optional<std::string> found = variables_(p.text);
        if (!found) return std::monostate{};
        return std::move(*found);
      }
      case operation::string:
      case operation::pattern:
        return p.text;
      case operation::constant:
        return p.constant;
      case operation::negate:
        return !is_present(of(p.left));
      case operation::equals:
        return of(p.left) == of(p.right);
      case operation::not_equals:
        return of(p.left) != of(p.right);
      case operation::matches:
        return matches(p, false);
      case operation::not_matches:
        return matches(p, true);
      case operation::both: {
        value left = of(p.left);
        return is_nil_or_false(left) ? left : of(p.right);
      }
      case operation::either: {
        value left = of(p.left);
        return is_nil_or_false(left) ? of(p.right) : left;
      }
    }
    return std::monostate{};
  }

 private:
  // Without a pattern nothing matches; a right side that is no pattern is searched for the left.
  bool matches(part const& p, bool negated) {
    value const left = of(p.left);
    value const right = of(p.right);
    std::string const* const text = std::get_if<std::string>(&left);
    std::string const* const pattern = std::get_if<std::string>(&right);
    if (!pattern) return negated;
    std::string const searched = text ? *text : std::string();
    if (!looks_like_pattern(*pattern)) {
      return (pattern->find(searched) != std::string::npos) != negated;
    }
    std::optional<bool> const found = search(searched, *pattern);
    if (!found) {
      bad_pattern_ = true;
      return false;
    }
    return *found != negated;
  }

  statement const& what_;
  lookup const& variables_;
  bool bad_pattern_ = false;
};

std::optional<value> statement::evaluate(lookup const& variables) const {
  run evaluation(*this, variables);
  value result = evaluation.of(parts_.size() - 1);
  if (evaluation.bad_pattern()) return std::nullopt;
  return result;
}

bool statement::holds(lookup const& variables) const {
  std::optional<value> const result = evaluate(variables);
  return result && is_present(*result);
}

std::vector<std::string> statement::variables() const {
  std::vector<std::string> out;
  for (part const& p : parts_) {
    if (p.op == operation::variable) out.push_back(p.text);
  }
  return out;
}

}  // namespace corunner::pipeline::expression
