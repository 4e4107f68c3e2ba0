#include "runner/pipeline/glob.hpp"

#include <re2/re2.h>

#include <string>

namespace corunner::pipeline {
namespace {

// Translates a pattern to RE2's syntax, byte by byte.
class translator {
 public:
  explicit translator(std::string_view pattern) : rest_(pattern) {}

  std::string run() {
    while (!rest_.empty()) step();
    // An open brace that nothing closes is an ordinary character in Ruby; such patterns match
    // nothing useful, so it is enough that they are valid here.
    while (braces_-- > 0) out_ += ')';
    return out_;
  }

 private:
  bool at_component_start() const { return component_start_; }

  void literal(char c) {
    out_ += RE2::QuoteMeta(re2::StringPiece(&c, 1));
    component_start_ = c == '/';
  }

  void step() {
    if (at_component_start() && rest_.starts_with("**/")) {
      out_ += "(?:[^/]+/)*";
      rest_.remove_prefix(3);
      return;
    }
    char const c = rest_.front();
    rest_.remove_prefix(1);
    switch (c) {
      case '*':
        while (rest_.starts_with('*')) rest_.remove_prefix(1);
        add("[^/]*");
        return;
      case '?':
        add("[^/]");
        return;
      case '[':
        character_class();
        return;
      case '{':
        ++braces_;
        out_ += "(?:";  // what follows may still begin a component
        return;
      case '}':
        if (braces_ == 0) return literal(c);
        --braces_;
        add(")");
        return;
      case ',':
        if (braces_ == 0) return literal(c);
        out_ += '|';
        return;
      case '\\':
        if (rest_.empty()) return literal(c);
        literal(rest_.front());
        rest_.remove_prefix(1);
        return;
      default:
        literal(c);
    }
  }

  void add(std::string_view text) {
    out_ += text;
    component_start_ = false;
  }

  // `[abc]`, `[a-z]`, `[^a]`, `[!a]`; never matches a slash.
  void character_class() {
    std::size_t const end =
        rest_.find(']', rest_.starts_with("^]") || rest_.starts_with("!]") ? 2 : 1);
    if (end == std::string_view::npos) return literal('[');
    std::string_view body = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    bool const negated = body.starts_with('^') || body.starts_with('!');
    if (negated) body.remove_prefix(1);
    std::string members;
    for (char const m : body) {
      if (m == '\\' || m == '[' || m == ']' || m == '^') members += '\\';
      members += m;
    }
    add("[" + std::string(negated ? "^/" : "") + members + "]");
  }

  std::string_view rest_;
  std::string out_;
  int braces_ = 0;
  bool component_start_ = true;
};

RE2::Options options() {
  RE2::Options out;
  out.set_dot_nl(true);
  out.set_log_errors(false);
  out.set_encoding(RE2::Options::EncodingLatin1);
  return out;
}

}  // namespace

glob::glob(std::string_view pattern)
    : expression_(std::make_unique<RE2>(translator(pattern).run(), options())) {}

glob::~glob() = default;
glob::glob(glob&&) noexcept = default;
glob& glob::operator=(glob&&) noexcept = default;

bool glob::matches(std::string_view path) const {
  return RE2::FullMatch(re2::StringPiece(path.data(), path.size()), *expression_);
}

}  // namespace corunner::pipeline
