#include "runner/trace/phrase_masker.hpp"

#include "test/runner/trace/collected.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>
#include <random>

using namespace corunner;
using test::writes_of;

namespace {

std::string masked(std::vector<std::string> const& phrases,
                   std::vector<std::string> const& writes) {
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

// A masker that sees the whole text: of the occurrences those count that begin first, the longest
// of each place, one behind the other; each shows as one mark, and every byte of every one is
// hidden.
std::string naively_masked(std::vector<std::string> const& phrases, std::string_view text) {
  std::vector<bool> hide(text.size());
  std::vector<bool> mark(text.size());
  std::size_t free = 0;  // behind the last occurrence that counts
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::size_t longest = 0;
    for (auto const& phrase : phrases) {
      if (text.substr(at).starts_with(phrase)) longest = std::max(longest, phrase.size());
    }
    std::fill_n(hide.begin() + static_cast<std::ptrdiff_t>(at), longest, true);
    if (longest == 0 || at < free) continue;
    mark[at] = true;
    free = at + longest;
  }
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (mark[i]) out += mask_text;
    if (!hide[i]) out += text[i];
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

TEST_CASE("secrets that overlap themselves and each other are masked as if seen whole",
          "[trace][mask]") {
  std::mt19937 random(4);
  for (int round = 0; round < 3000; ++round) {
    // Each is made of the ones before: prefixes, ends, and repetitions of them.
    std::vector<std::string> secrets{"ab", "aba", "abab"};
    if (round % 3 == 0) secrets = {std::string(2 + random() % 12, "ab-"[random() % 3]) + "b"};
    for (auto n = random() % 6; n > 0; --n) {
      auto const& of = secrets[random() % secrets.size()];
      auto const& with = secrets[random() % secrets.size()];
      switch (random() % 4) {
        case 0: secrets.push_back(of + with); break;
        case 1: secrets.push_back(of.substr(0, 1 + random() % of.size())); break;
        case 2: secrets.push_back(of.substr(random() % of.size())); break;
        default: secrets.push_back(of + "-" + with.substr(0, 1)); break;
      }
    }
    std::string text;
    while (text.size() < 150) {
      auto const& piece = secrets[random() % secrets.size()];
      text += random() % 2 ? piece : piece.substr(random() % piece.size());
      if (random() % 4 == 0) text += "ab-c"[random() % 4];
    }
    CAPTURE(secrets, text);
    auto const expected = naively_masked(secrets, text);
    REQUIRE(masked(secrets, {text}) == expected);
    REQUIRE(masked(secrets, cut(text, random)) == expected);
  }
}

TEST_CASE("many secrets and few, long and short, are found in a long text", "[trace][mask]") {
  std::mt19937 random(5);
  auto const word = [&](std::size_t length) {
    std::string out;
    while (out.size() < length) out += static_cast<char>('!' + random() % 94);
    return out;
  };
  for (std::size_t const count : {1, 3, 5, 40, 1000}) {
    for (std::size_t const shortest : {1, 2, 3, 4, 7, 8, 12, 30}) {
      std::vector<std::string> secrets;
      while (secrets.size() < count) secrets.push_back(word(shortest + random() % 9));
      std::string text;
      for (int i = 0; i < 60; ++i) text += word(random() % 40) + secrets[random() % count];
      CAPTURE(count, shortest);
      auto const expected = naively_masked(secrets, text);
      REQUIRE(masked(secrets, {text}) == expected);
      REQUIRE(masked(secrets, cut(text, random)) == expected);
    }
  }
}

TEST_CASE("what a few secrets need in memory is a few kilobytes", "[trace][mask]") {
  auto const needed = [](std::size_t count, std::size_t length) {
    std::mt19937 random(6);
    std::vector<std::string> secrets(count);
    for (auto& secret : secrets) {
      while (secret.size() < length) secret += static_cast<char>('!' + random() % 94);
    }
    return compile_phrases(secrets)->bytes();
  };
  CHECK(needed(1, 32) < 1'500);
  CHECK(needed(10, 32) < 6'000);
  CHECK(needed(1, 4'000) < 8'000);
  CHECK(needed(1'000, 32) < 200'000);
  // Not more for one that overlaps itself everywhere.
  CHECK(compile_phrases({std::string(4'000, 'a')})->bytes() < 8'000);
}
