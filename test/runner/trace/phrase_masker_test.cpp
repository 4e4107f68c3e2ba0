#include "runner/trace/phrase_masker.hpp"

#include "test/runner/trace/collected.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <random>

using namespace corunner;
using test::writes_of;

namespace {

std::string masked(std::vector<std::string> const& phrases, std::vector<std::string> const& writes) {
  test::collected out;
  phrase_masker masker(compile_phrases(phrases), out);
  for (auto const& bytes : writes) masker.put(bytes);
  masker.finish();
  return out.text;
}

// The same by looking at every occurrence: which bytes are hidden, without counting marks.
std::string hidden_bytes(std::vector<std::string> const& phrases, std::string text) {
  std::vector<bool> hide(text.size());
  for (auto const& phrase : phrases) {
    if (phrase.empty()) continue;
    for (auto at = text.find(phrase); at != std::string::npos; at = text.find(phrase, at + 1)) {
      for (std::size_t i = 0; i < phrase.size(); ++i) hide[at + i] = true;
    }
  }
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!hide[i]) {
      out += text[i];
    } else if (out.empty() || out.back() != '*') {
      out += '*';
    }
  }
  return out;
}

std::string with_one_star(std::string text) {
  for (auto at = text.find(mask_text); at != std::string::npos; at = text.find(mask_text)) {
    text.replace(at, mask_text.size(), "*");
  }
  std::string out;
  for (char const c : text) {
    if (c != '*' || out.empty() || out.back() != '*') out += c;
  }
  return out;
}

std::vector<std::string> cut(std::string const& text, std::mt19937& random) {
  std::vector<std::string> out(1);
  for (char const c : text) {
    if (random() % 3 == 0) out.emplace_back();
    out.back() += c;
  }
  return out;
}

}  // namespace

TEST_CASE("phrases are replaced wherever the stream is cut", "[trace][mask]") {
  struct row {
    std::vector<std::string> phrases;
    std::string writes;
    std::string out;
  };
  auto const& [phrases, writes, out] = GENERATE(values<row>({
      {{"secret"}, "se|cr|et!", "[MASKED]!"},
      {{"secret"}, "sesecret", "se[MASKED]"},
      {{"abc", "abcdef"}, "xabcdefy abc", "x[MASKED]y [MASKED]"},
      {{"foo", "bar"}, "xfoox ffo|o ba|rr", "x[MASKED]x f[MASKED] [MASKED]r"},
      {{"mask", "prefix_mask"}, "prefix_ma|sk mas|k", "[MASKED] [MASKED]"},
      {{"secrets"}, "s|secrets", "s[MASKED]"},
      {{"aab"}, "aa|ab", "a[MASKED]"},
      {{"ababac"}, "abab|abac", "ab[MASKED]"},
      {{"aaqb"}, "aaq|aaqb aaaqb", "aaq[MASKED] a[MASKED]"},
      {{"hush-hush-1"}, "tail hush-", "tail hush-"},
      {{"first\nsecond"}, "first\n|second first\n", "[MASKED] first\n"},
      {{" trimmed\n"}, "a trimmed b", "a [MASKED] b"},
      {{"", "  "}, "nothing", "nothing"},
      {{}, "nothing", "nothing"},
      {{"x"}, "axbxx|x", "a[MASKED]b[MASKED][MASKED][MASKED]"},
      {{"MASKED"}, "a MASKED b", "a [MASKED] b"},
      {{"secret"}, "secretsecret", "[MASKED][MASKED]"},
      {{"aa"}, "aaaa", "[MASKED][MASKED]"},
      {{"aa"}, "aaa", "[MASKED]"},
      {{"abc", "bcdef"}, "abcdef", "[MASKED]"},
      {{"b", "abc"}, "abd abc", "a[MASKED]d [MASKED]"},
      {{"bc", "abcd", "x"}, "abcx", "a[MASKED][MASKED]"},
      {{std::string("a\0b", 3)}, std::string("x a\0b", 5), "x [MASKED]"},
  }));
  CAPTURE(writes);
  CHECK(masked(phrases, writes_of(writes)) == out);
  std::vector<std::string> single;
  for (auto const& bytes : writes_of(writes)) {
    for (char const c : bytes) single.emplace_back(1, c);
  }
  CHECK(masked(phrases, single) == out);
}

TEST_CASE("a complete phrase is shown at once, a partial one waits", "[trace][mask]") {
  test::collected out;
  phrase_masker masker(compile_phrases({"secret"}), out);
  masker.put("my secret");
  CHECK(out.text == "my [MASKED]");
  masker.put(" sec");
  CHECK(out.text == "my [MASKED] ");
  masker.put("ond");
  CHECK(out.text == "my [MASKED] second");
}

TEST_CASE("clean bytes pass in one piece", "[trace][mask]") {
  test::collected out;
  phrase_masker masker(compile_phrases({"a long secret value", "another secret value"}), out);
  std::string const text = "the quick brown fox jumps over a lazy dog and another one 0123456789";
  masker.put(text);
  CHECK(out.puts == std::vector<std::string>{text});
}

TEST_CASE("phrases that come later hide what was held back, too", "[trace][mask]") {
  test::collected out;
  phrase_masker masker(compile_phrases({"abcdef"}), out);
  masker.put("xx abcd");
  masker.replace(compile_phrases({"abcdef", "cdyy"}));
  masker.put("yy z");
  masker.finish();
  CHECK(out.text == "xx ab[MASKED] z");
}

TEST_CASE("any cut of any stream gives the same output, and hides every occurrence",
          "[trace][mask]") {
  std::mt19937 random(20260102);
  for (int round = 0; round < 3000; ++round) {
    auto const letters = 1 + random() % 4;
    auto const word = [&](std::size_t longest) {
      std::string out;
      for (auto n = 1 + random() % longest; n > 0; --n) {
        out += static_cast<char>('a' + random() % letters);
      }
      return out;
    };
    std::vector<std::string> phrases;
    for (auto n = random() % 6; n > 0; --n) phrases.push_back(word(round % 2 ? 4 : 16));
    auto const text = word(200);
    auto const whole = masked(phrases, {text});
    CAPTURE(phrases, text);
    REQUIRE(with_one_star(whole) == hidden_bytes(phrases, text));
    REQUIRE(masked(phrases, cut(text, random)) == whole);
  }
}
