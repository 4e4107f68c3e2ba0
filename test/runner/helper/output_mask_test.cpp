#include "runner/helper/output_mask.hpp"

#include "test/runner/trace/collected.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace corunner;

namespace {

// The two streams of one command, and what they let through.
struct streams {
  masked_values values;
  std::vector<std::string> announced;
  test::collected out;
  test::collected err;
  output_mask on_out{values, out, [this](auto const& value) { announced.push_back(value); }};
  output_mask on_err{values, err, [this](auto const& value) { announced.push_back(value); }};

  std::string const& finish() {
    on_out.finish();
    on_err.finish();
    return out.text;
  }
};

std::string masked(std::string_view text) {
  streams two;
  two.on_out.put(text);
  return two.finish();
}

TEST_CASE("what a line announces is masked there and behind it", "[helper][mask]") {
  auto const [printed, shown] = GENERATE(table<std::string, std::string>({
      {"a secret\n::add-mask::secret\na secret\n", "a secret\n::add-mask::[MASKED]\na [MASKED]\n"},
      {"  ::add-mask::secret\nsecret", "  ::add-mask::[MASKED]\n[MASKED]"},
      {"::add-mask::secret\r\nsecret\r\n", "::add-mask::[MASKED]\r\n[MASKED]\r\n"},
      {"::add-mask::two words\ntwo words two\n", "::add-mask::[MASKED]\n[MASKED] two\n"},
      {"::add-mask::one\n::add-mask::two\none two\n",
       "::add-mask::[MASKED]\n::add-mask::[MASKED]\n[MASKED] [MASKED]\n"},
      // Without the end of its line.
      {"::add-mask::secret", "::add-mask::[MASKED]"},
      // As other CI systems escape values of several lines.
      {"::add-mask::first%0Asecond%25\nfirst\nsecond%\nfirst%0Asecond%25\n",
       "::add-mask::[MASKED]\n[MASKED]\n[MASKED]\n"},
  }));
  CAPTURE(printed);
  CHECK(masked(printed) == shown);
}

TEST_CASE("what only looks like an announcement is shown as it is", "[helper][mask]") {
  auto const text =
      GENERATE(as<std::string>(), "", "\n\n", "echo ::add-mask::secret\nsecret\n",
               "::add-mask::\nx\n", "::add-mask::  \nx\n", "::add-mas", "::add-mas\nk\n", "  ", ":",
               "::", "  indented\n\tmore\n   ", "::warning::x\n", "::Add-Mask::x\nx\n");
  CAPTURE(text);
  CHECK(masked(text) == text);
}

TEST_CASE("a value that one stream announces is masked in the other, in its other forms too",
          "[helper][mask]") {
  streams two;
  two.on_err.put("nothing yet: p@ssw0rd+long\n");
  two.on_out.put("::add-mask::p@ssw0rd+long\n");
  two.on_err.put("p@ssw0rd+long cEBzc3cwcmQrbG9uZw== p%40ssw0rd%2Blong\n");
  two.finish();
  CHECK(two.err.text == "nothing yet: p@ssw0rd+long\n[MASKED] [MASKED] [MASKED]\n");
  CHECK(two.announced == std::vector<std::string>{"p@ssw0rd+long"});
}

TEST_CASE("a value is announced once, however often the job says so", "[helper][mask]") {
  streams two;
  two.on_out.put("::add-mask::a%25b\n::add-mask::a%25b\n");
  two.on_err.put("::add-mask::a%25b\n");
  CHECK(two.announced == std::vector<std::string>{"a%25b", "a%b"});
}

TEST_CASE("output goes out at once, but for what may become a secret", "[helper][mask]") {
  streams two;
  two.on_out.put("prompt> ");
  CHECK(two.out.text == "prompt> ");
  two.on_out.put("\n::add-mask::secret\nsec");
  CHECK(two.out.text == "prompt> \n::add-mask::[MASKED]\n");
  two.on_out.put("ond\n");
  CHECK(two.out.text == "prompt> \n::add-mask::[MASKED]\nsecond\n");
}

TEST_CASE("an announcement without an end is not kept and not shown", "[helper][mask]") {
  streams two;
  std::string const half(output_mask::most_announced, 'x');
  two.on_out.put("::add-mask::" + half);
  two.on_out.put(half + "\nnext\n");
  CHECK(two.finish() == "::add-mask::[MASKED]\nnext\n");
  CHECK(two.announced.empty());
}

TEST_CASE("blanks without an end are not held for ever", "[helper][mask]") {
  std::string const blanks(3 * output_mask::most_announced, ' ');
  streams two;
  two.on_out.put(blanks);
  CHECK(two.out.text.size() >= 2 * output_mask::most_announced);
  CHECK(two.finish() == blanks);
}

// Any text of few different pieces, so that announcements and secrets are frequent.
std::string random_text(std::mt19937& random) {
  static constexpr std::string_view pieces[] = {"::add-mask::", "::add-", "mask::", "secret",
                                                "sec",          "ret",    "\n",     "\n",
                                                "\r\n",         " ",      "x",      "other"};
  std::string text;
  for (auto left = random() % 40; left != 0; --left) text += pieces[random() % std::size(pieces)];
  return text;
}

TEST_CASE("how the output is cut into writes changes nothing", "[helper][mask]") {
  std::mt19937 random(20260101);
  for (int round = 0; round != 3000; ++round) {
    auto const text = random_text(random);
    CAPTURE(round, text);
    streams cut;
    for (std::string_view left = text; !left.empty();) {
      auto const size = 1 + random() % 9;
      cut.on_out.put(left.substr(0, size));
      left.remove_prefix(std::min<std::size_t>(size, left.size()));
    }
    REQUIRE(cut.finish() == masked(text));
  }
}

}  // namespace
