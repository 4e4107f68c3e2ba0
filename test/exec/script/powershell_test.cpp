// PowerShell is not to be had here: whole scripts are looked at when they change, and the quoting
// is held against a reader of PowerShell's strings that was written apart from it.
#include "exec/script/powershell_quoting.hpp"
#include "exec/script/shell_writer.hpp"
#include "test/exec/script/every_operation.hpp"
#include "test/support/golden.hpp"

#include <boost/beast/core/detail/base64.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <optional>
#include <random>
#include <string>
#include <vector>

namespace corunner::exec {
namespace {

using characters = std::u32string;

// UTF-8 as characters; the text must be valid.
characters characters_of(std::string_view text) {
  characters out;
  for (std::size_t i = 0; i != text.size();) {
    auto const first = static_cast<unsigned char>(text[i]);
    std::size_t const size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    char32_t value = size == 1 ? first : first & (0xFFu >> (size + 1));
    for (std::size_t k = 1; k != size; ++k) {
      value = value << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3F);
    }
    out += value;
    i += size;
  }
  return out;
}

void append_utf8(std::string& out, char32_t c) {
  auto const put = [&out](char32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0 | c >> 6);
  } else {
    if (c < 0x10000) {
      put(0xE0 | c >> 12);
    } else {
      put(0xF0 | c >> 18);
      put(0x80 | (c >> 12 & 0x3F));
    }
    put(0x80 | (c >> 6 & 0x3F));
  }
  put(0x80 | (c & 0x3F));
}

bool is_double_quote(char32_t c) { return c == U'"' || (c >= U'\u201c' && c <= U'\u201e'); }

// about_Special_Characters, about_Quoting_Rules: what the string that begins at `at` holds; moves
// `at` behind it. Nothing when it has no end, or when a variable would be put in.
std::optional<characters> read_string(characters const& text, std::size_t& at) {
  static std::u32string const letters = U"0abefnrtv";
  static std::u32string const meanings{U'\0', U'\a', U'\b', U'\x1b', U'\f',
                                       U'\n', U'\r', U'\t', U'\v'};
  if (at == text.size() || !is_double_quote(text[at])) return std::nullopt;
  characters out;
  for (++at; at < text.size(); ++at) {
    char32_t const c = text[at];
    if (c == U'`') {
      if (++at == text.size()) return std::nullopt;
      auto const letter = letters.find(text[at]);
      out += letter == letters.npos ? text[at] : meanings[letter];
    } else if (is_double_quote(c)) {
      ++at;
      if (at == text.size() || !is_double_quote(text[at])) return out;
      out += text[at];
    } else if (c == U'$') {
      char32_t const next = at + 1 < text.size() ? text[at + 1] : U' ';
      bool const is_name = (next < 128 && std::isalnum(static_cast<int>(next))) || next == U'_' ||
                           next == U'{' || next == U'(' || next == U'?' || next == U'^' ||
                           next == U'$' || next == U':';
      if (is_name) return std::nullopt;
      out += c;
    } else {
      out += c;
    }
  }
  return std::nullopt;
}

std::optional<characters> value_of(std::string const& quoted) {
  auto const text = characters_of(quoted);
  std::size_t at = 0;
  auto value = read_string(text, at);
  return at == text.size() ? value : std::nullopt;
}

TEST_CASE("PowerShell quoting keeps what its strings can hold", "[exec][script][powershell]") {
  auto const [input, expected] = GENERATE(table<std::string, std::string>({
      {"", "\"\""},
      {"VALUE", "\"VALUE\""},
      {"it's $HOME", "\"it`'s `$HOME\""},
      {"a\nb\tc\r", "\"a`nb`tc`r\""},
      {"`e#\"", "\"``e`#`\"\""},
      {"\u201cx\u201d\u201e", "\"`\u201cx`\u201d`\u201e\""},
      {"\u2018y\u2019 \u00e9", "\"\u2018y\u2019 \u00e9\""},
  }));
  CHECK(quote_powershell(input) == expected);
}

TEST_CASE("any text arrives unchanged in a PowerShell string, on one line",
          "[exec][script][powershell]") {
  std::mt19937 random(20260102);
  static std::u32string const special =
      U"`'\"$#{}()@%&|;<>\\\n\r\t\a\b\f\v\x1b \u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f0abefnrtvu";
  for (int round = 0; round != 20'000; ++round) {
    std::string text;
    for (auto left = random() % 12; left != 0; --left) {
      auto c = random() % 3 != 0 ? special[random() % special.size()] : 1 + random() % 0x10FFFF;
      if (c >= 0xD800 && c < 0xE000) c = U'x';
      append_utf8(text, static_cast<char32_t>(c));
    }
    auto const quoted = quote_powershell(text);
    CAPTURE(text, quoted);
    REQUIRE(quoted.find_first_of("\r\n") == std::string::npos);
    REQUIRE(value_of(quoted) == characters_of(text));
  }
}

TEST_CASE("an active PowerShell string leaves variables to the shell and nothing else",
          "[exec][script][powershell]") {
  CHECK(quote_powershell_active("$PWD/a`b\"c") == "\"$PWD/a``b`\"c\"");
}

TEST_CASE("an encoded command is UTF-16 in base64", "[exec][script][powershell]") {
  auto const [script, expected] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"a", "YQA="},
      {"exit 1", "ZQB4AGkAdAAgADEA"},
      {"\u00e9\u20ac", "6QCsIA=="},
      {"\U0001F600", "PdgA3g=="},
      {"\xff", "/f8="},
      {"\xc3", "/f8="},
  }));
  CHECK(powershell_encoded(script) == expected);
}

TEST_CASE("the PowerShell scripts of every operation", "[exec][script][powershell]") {
  auto const [file, how, trace] = GENERATE(table<std::string, shell_writer_options, bool>({
      {"pwsh.ps1", {.shell = "pwsh"}, false},
      {"pwsh-flags.ps1", {.shell = "pwsh", .host_name = "host1", .script_sections = true}, true},
      {"powershell.ps1", {.shell = "powershell"}, false},
      {"powershell-file.ps1", {.shell = "powershell", .as_file = true}, false},
  }));
  test::check_golden("exec/script/" + file, test::every_operation(how, trace));
}

// Braces and parentheses outside of strings, as a reader of statements sees them.
TEST_CASE("what is generated for PowerShell opens and closes in pairs",
          "[exec][script][powershell]") {
  auto const shell = GENERATE(as<std::string>(), "pwsh", "powershell");
  auto const text = characters_of(test::every_operation({.shell = shell}, false));
  std::vector<char32_t> open;
  for (std::size_t at = 0; at < text.size();) {
    char32_t const c = text[at];
    if (c == U'"') {
      auto begin = at;
      // With variables in it, it is read as far as its end.
      if (!read_string(text, at)) {
        at = begin + 1;
        while (text[at] != U'"') at += text[at] == U'`' ? 2 : 1;
        ++at;
      }
      continue;
    }
    if (c == U'\'') at = text.find(U'\'', at + 1);
    if (c == U'{' || c == U'(' || c == U'[') open.push_back(c);
    if (c == U'}' || c == U')' || c == U']') {
      REQUIRE_FALSE(open.empty());
      CHECK(open.back() == (c == U'}' ? U'{' : c == U')' ? U'(' : U'['));
      open.pop_back();
    }
    ++at;
  }
  CHECK(open.empty());
}

TEST_CASE("a variable of a name that PowerShell keeps for itself is set for programs only",
          "[exec][script][powershell]") {
  auto const w = make_shell_writer({.shell = "pwsh"});
  w->variable("HOME", "/h");
  w->variable("pid", "1");
  w->variable("a}b", "x");
  CHECK(
      w->finish(false) ==
      "#!/usr/bin/env pwsh\n\n& {\n$ErrorActionPreference = \"Stop\"\n${env:HOME}=\"/h\"\n${env:pid}=\"1\"\n"
      "${a`}b}=\"x\"\n${env:a`}b}=\"x\"\n}\n\n");
}

TEST_CASE("paths of either system are absolute to PowerShell", "[exec][script][powershell]") {
  auto const w = make_shell_writer({.shell = "powershell", .temporary_directory = "C:\\b\\p.tmp"});
  CHECK(w->temporary_file("KEY") == "C:\\b\\p.tmp/KEY");
  CHECK(w->absolute("/x") == "/x");
  CHECK(w->absolute("\\\\host\\share") == "\\\\host\\share");
  CHECK(w->absolute("rel") == "$PWD/rel");
}

}  // namespace
}  // namespace corunner::exec
