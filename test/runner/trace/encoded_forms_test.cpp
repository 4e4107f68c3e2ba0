#include "runner/trace/encoded_forms.hpp"

#include "runner/trace/phrase_masker.hpp"
#include "test/runner/trace/collected.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <random>

using namespace corunner;

namespace {

std::string masked(std::vector<std::string> const& values, std::string_view text) {
  test::collected out;
  phrase_masker masker(compile_phrases(with_encoded_forms(values)), out);
  masker.put(text);
  masker.finish();
  return out.text;
}

// By a library that we did not write.
std::string base64(std::string const& data) {
  std::string out(data.size() / 3 * 4 + 5, '\0');
  auto const length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                      reinterpret_cast<unsigned char const*>(data.data()),
                                      static_cast<int>(data.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::string wrapped(std::string const& text, std::size_t width) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += width) out += text.substr(i, width) + '\n';
  return out;
}

}  // namespace

// What Python 3.11 (json, urllib, base64, shlex) and bash 5.2 print of these values.
TEST_CASE("a value is hidden in the forms that other programs print", "[trace][mask]") {
  struct row {
    std::string value;
    std::string shown;
    std::string out;
  };
  std::string const odd = R"(pa ss"w/o\r+d)";
  std::string const quoted = "it's #1 ~ & <b>";
  std::string const foreign = "schöner Schlüssel 𝄞";
  auto const& [value, shown, out] = GENERATE_COPY(values<row>({
      // JSON
      {odd, R"({"a": "pa ss\"w/o\\r+d"})", R"({"a": "[MASKED]"})"},
      {odd, R"("pa ss\"w\/o\\r+d")", R"("[MASKED]")"},
      {quoted, R"("it's #1 ~ \u0026 \u003cb\u003e")", R"("[MASKED]")"},
      {foreign, R"("sch\u00f6ner Schl\u00fcssel \ud834\udd1e")", R"("[MASKED]")"},
      {"line one\nline two\ttab", R"("line one\nline two\ttab\n")", R"("[MASKED]\n")"},
      {"control \x01 end", R"("control \u0001 end")", R"("[MASKED]")"},
      // percent encoding
      {odd, "x=pa%20ss%22w%2Fo%5Cr%2Bd&y", "x=[MASKED]&y"},
      {odd, "x=pa%20ss%22w%2fo%5cr%2bd&y", "x=[MASKED]&y"},
      {odd, "x=pa+ss%22w%2Fo%5Cr%2Bd&y", "x=[MASKED]&y"},
      {odd, "x=pa%20ss%22w/o%5Cr%2Bd&y", "x=[MASKED]&y"},
      {quoted, "it's%20%231%20~%20%26%20%3Cb%3E", "[MASKED]"},
      {quoted, "it%27s+%231+%7E+%26+%3Cb%3E", "[MASKED]"},
      {foreign, "sch%C3%B6ner%20Schl%C3%BCssel%20%F0%9D%84%9E", "[MASKED]"},
      // shells
      {odd, R"(+ : 'pa ss"w/o\r+d')", "+ : '[MASKED]'"},
      {odd, R"(pa\ ss\"w/o\\r+d)", "[MASKED]"},
      {odd, R"($'pa ss"w/o\\r+d')", "$'[MASKED]'"},
      {odd, R"("pa ss\"w/o\\r+d")", R"("[MASKED]")"},
      {quoted, R"(+ : 'it'\''s #1 ~ & <b>')", "+ : '[MASKED]'"},
      {quoted, R"('it'"'"'s #1 ~ & <b>')", "'[MASKED]'"},
      {quoted, R"(it\'s\ #1\ ~\ \&\ \<b\>)", "[MASKED]"},
      {"~home!{a,b}*?[x]^$y`z|;()", R"(\~home\!\{a\,b\}\*\?\[x\]\^\$y\`z\|\;\(\))", "[MASKED]"},
      {"tab\there\x1b[1m", R"($'tab\there\E[1m')", "$'[MASKED]'"},
      {"tab\there\x1b[1m", R"($'tab\there\x1b[1m')", "$'[MASKED]'"},
      {"schöner Schlüssel\n2", R"($'schöner Schlüssel\n2')", "$'[MASKED]'"},
      {"schöner Schlüssel\n2", R"($'sch\303\266ner Schl\303\274ssel\n2')", "$'[MASKED]'"},
      {"schöner Schlüssel\n2", R"($'sch\xc3\xb6ner Schl\xc3\xbcssel\n2')", "$'[MASKED]'"},
      // base64: alone, with its newline, behind one and two bytes, before others
      {odd, "cGEgc3Midy9vXHIrZA==", "[MASKED]"},
      {odd, "cGEgc3Midy9vXHIrZA", "[MASKED]"},
      {odd, "cGEgc3Midy9vXHIrZAo=", "[MASKED]"},
      {odd, "YXBhIHNzIncvb1xyK2Q=", "YX[MASKED]"},
      {odd, "YWJwYSBzcyJ3L29ccitk", "YWJ[MASKED]"},
      {odd, "cGEgc3Midy9vXHIrZHh5eg==", "[MASKED]Hh5eg=="},
      {quoted, "aXQncyAjMSB+ICYgPGI+", "[MASKED]"},
      {quoted, "aXQncyAjMSB-ICYgPGI-", "[MASKED]"},
      {foreign, "c2Now7ZuZXIgU2NobMO8c3NlbCDwnYSe", "[MASKED]"},
      // lines
      {"first-line\n  second-line\r\nend\n", "> first-line\n>   second-line\n> end",
       "> [MASKED]\n>   [MASKED]\n> end"},
      {"-----BEGIN KEY-----\nMIIEpAIBAAK\n-----END KEY-----\n",
       "-----BEGIN KEY-----\nother\n-----END KEY-----",
       "-----BEGIN KEY-----\nother\n-----END KEY-----"},
      // too short to say that it is it
      {"hush-hu", "aHVzaC1odQ==", "aHVzaC1odQ=="},
      {"a b", "a%20b a+b", "a%20b a+b"},
      {"12345678", "MTIzNDU2Nzg=", "[MASKED]"},
  }));
  CAPTURE(value, shown);
  CHECK(masked({value}, shown) == out);
}

TEST_CASE("of base64 only the characters at the borders stay, wherever a value stands",
          "[trace][mask]") {
  std::mt19937 random(7);
  auto const bytes = [&](std::size_t length) {
    std::string out;
    while (out.size() < length) out += static_cast<char>('!' + random() % 94);
    return out;
  };
  for (int round = 0; round < 400; ++round) {
    auto const before = bytes(random() % 7);
    auto const value = bytes(8 + random() % 30);
    auto const after = bytes(random() % 7);
    auto shown = base64(before + value + after);
    if (round % 2 == 1) {
      std::ranges::replace(shown, '+', '-');
      std::ranges::replace(shown, '/', '_');
    }
    CAPTURE(before, value, after, shown);
    auto const out = masked({value}, shown);
    auto const mark = out.find(mask_text);
    REQUIRE(mark != std::string::npos);
    // Characters with bits of neighbours, one on either side.
    CHECK(mark == (before.size() * 8 + 5) / 6);
    auto const whole = (before.size() + value.size()) * 8 / 6;
    auto const left = after.empty() ? 0 : shown.size() - whole;
    auto const behind = out.substr(mark + mask_text.size());
    CHECK(shown.ends_with(behind));
    CHECK(behind.size() <= left);
    CHECK(behind.size() + 2 >= left);  // the first may look just as the end of all data
  }
}

TEST_CASE("a value in lines of base64 leaves nothing, however long its last line is",
          "[trace][mask]") {
  for (std::size_t length = 40; length < 240; ++length) {
    std::string value;
    for (std::size_t i = 0; i < length; ++i) value += static_cast<char>('!' + (i * i + 7 * i) % 94);
    for (std::size_t const width : {64, 76}) {
      auto const shown = wrapped(base64(value + (length % 2 != 0 ? "\n" : "")), width);
      CAPTURE(length, shown);
      auto out = masked({value}, shown);
      for (auto at = out.find(mask_text); at != std::string::npos; at = out.find(mask_text)) {
        out.erase(at, mask_text.size());
      }
      // A newline of its own may begin a group of four, and so a line.
      if (out.starts_with("\n") && out.ends_with("Cg==\n")) out.erase(out.size() - 5, 4);
      REQUIRE(out.find_first_not_of('\n') == std::string::npos);
    }
  }
}

TEST_CASE("a value that looks the same in all forms has those of base64 only", "[trace][mask]") {
  for (auto const& form : encoded_forms("0123456789abcdef")) {
    CAPTURE(form);
    CHECK(form.find("0123456789abcdef") == std::string::npos);
    CHECK(form.size() >= 20);
    CHECK(form.size() <= 25);
  }
  CHECK(encoded_forms("0123456789abcdef").size() <= 12);
  CHECK(encoded_forms("short").empty());
}

TEST_CASE("the forms of one job are bounded, its values are not", "[trace][mask]") {
  std::vector<std::string> values{"a short secret"};
  for (char c = 'a'; c <= 'z'; ++c) values.emplace_back(20'000, c);
  auto const all = with_encoded_forms(values);
  std::size_t forms = 0;
  for (auto const& each : all) {
    if (std::ranges::find(values, each) == values.end()) forms += each.size();
  }
  CHECK(forms > most_encoded_bytes / 2);
  CHECK(forms <= most_encoded_bytes);
  for (auto const& value : values) CHECK(std::ranges::find(all, value) != all.end());
  CHECK(masked(values, "YSBzaG9ydCBzZWNyZXQ=") == "[MASKED]");
}

TEST_CASE("a job of few secrets keeps a few kilobytes for all their forms", "[trace][mask]") {
  auto const needed = [](std::vector<std::string> const& values) {
    return compile_phrases(with_encoded_forms(values))->bytes();
  };
  CHECK(needed({"glcbt-64_hT5xkzsjwQc9vRpY2Lmd"}) < 3'000);
  CHECK(needed({"pa ss\"w/o\\r+d", "it's #1 ~ & <b>", "schöner Schlüssel"}) < 10'000);
}
