#include "runner/trace/utf8_repair.hpp"

#include "test/runner/trace/collected.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

namespace {

std::string repaired(std::vector<std::string> const& writes) {
  utf8_repair repair;
  std::string out;
  for (auto const& bytes : writes) {
    std::string room;
    out.append(repair.next(bytes, room));
  }
  return out + repair.finish();
}

#define R "\xEF\xBF\xBD"

}  // namespace

TEST_CASE("each byte that belongs to no UTF-8 sequence is replaced, however the stream is cut",
          "[trace][utf8]") {
  auto const& [in, expected] = GENERATE(table<std::string, std::string>({
      {"plain", "plain"},
      {"\xE2\x82\xAC \xF0\x9F\x98\x80 \xC3\xA9", "\xE2\x82\xAC \xF0\x9F\x98\x80 \xC3\xA9"},
      {"x\xFF\xFEy\n", "x" R R "y\n"},
      {"cut \xE2\x82\n", "cut " R R "\n"},
      {"overlong \xC0\xAF surrogate \xED\xA0\x80\n", "overlong " R R " surrogate " R R R "\n"},
      {"\xE0\x9F\xBF", R R R},
      {"\xF4\x90\x80\x80", R R R R},
      {"\xF0\x8F\xBF\xBF", R R R R},
      {"\xC3\xC3\xA9", R "\xC3\xA9"},
      {"end \xE2\x82", "end " R R},
      {"\xF0\x9F\x98", R R R},
      {std::string("a\0b", 3), std::string("a\0b", 3)},
      {R, R},
      {"", ""},
  }));
  CAPTURE(in);
  CHECK(repaired({in}) == expected);
  for (std::size_t at = 0; at <= in.size(); ++at) {
    CHECK(repaired({in.substr(0, at), in.substr(at)}) == expected);
  }
  std::vector<std::string> single;
  for (char const c : in) single.emplace_back(1, c);
  CHECK(repaired(single) == expected);
}

TEST_CASE("valid text is not copied", "[trace][utf8]") {
  utf8_repair repair;
  std::string room;
  std::string_view const text = "gr\xC3\xBC\xC3\x9F" "e, and more than thirty-two bytes of it";
  CHECK(repair.next(text, room).data() == text.data());
}

TEST_CASE("a cut keeps characters whole", "[trace][utf8]") {
  std::string_view const euros = "\xE2\x82\xAC\xE2\x82\xAC";
  CHECK(utf8_boundary(euros, 6) == 6);
  CHECK(utf8_boundary(euros, 5) == 3);
  CHECK(utf8_boundary(euros, 4) == 3);
  CHECK(utf8_boundary(euros, 3) == 3);
  CHECK(utf8_boundary(euros, 2) == 0);
  CHECK(utf8_boundary("abc", 9) == 3);
}
