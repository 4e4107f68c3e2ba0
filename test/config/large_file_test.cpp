#include "config/reading.hpp"

#include "test/config/observed_case.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <string>

using namespace corunner;
using test::no_variable;

namespace {

// A text of so many entries that it is read in pieces.
std::string many_entries(int count, std::string_view more = "") {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "[[runners]]\nname = \"r" + std::to_string(i) +
            "\"\nurl = \"https://gitlab.test\"\ntoken = \"t\"\n" + std::string(more);
  }
  return text;
}

int line_count(std::string_view text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

std::string refusal(std::string const& text) {
  auto const read = config::inspect(text, no_variable);
  return read ? "" : read.error().message;
}

}  // namespace

TEST_CASE("a large file is read whole and in order, with the lines of the file",
          "[config][large]") {
  std::string text =
      "concurrent = 7\n" + many_entries(3000) + "limt = 1\n[session_server]\nsession_timeout = 9\n";
  auto const read = config::inspect(text, no_variable);
  REQUIRE(read.has_value());
  CHECK(read->values.concurrent == 7);
  CHECK(read->values.session_server.session_timeout == 9);
  REQUIRE(read->values.runners.size() == 3000);
  CHECK(read->values.runners[2999].name == "r2999");
  REQUIRE(read->problems.size() == 1);
  CHECK(read->problems[0].where == config::position{line_count(text) - 2, 1});
}

TEST_CASE("a line in a text of a large file begins no entry", "[config][large]") {
  auto const text =
      many_entries(2000,
                   "pre_build_script = '''\n[[runners]]\nname = \"x\"\n'''\n[runners.docker]\n"
                   "image = \"i\"\n");
  auto const read = config::inspect(text, no_variable);
  REQUIRE(read.has_value());
  REQUIRE(read->values.runners.size() == 2000);
  CHECK(read->values.runners[1999].pre_build_script.text() == "[[runners]]\nname = \"x\"\n");
  CHECK(read->values.runners[1999].docker->image == "i");
}

TEST_CASE("what is wrong in a small file is wrong in a large one", "[config][large]") {
  auto const many = many_entries(2000);
  auto const end = std::to_string(line_count(many) + 2);
  CHECK(refusal("[session_server]\n" + many + "[session_server]\n").find("line " + end) !=
        std::string::npos);
  CHECK(refusal("runners = []\n" + many).find("line 2") != std::string::npos);
  CHECK(refusal("[runners.docker]\n" + many).find("line 2") != std::string::npos);
  CHECK(refusal("[runners]\n" + many).find("line 2") != std::string::npos);
  CHECK(refusal("a.b = 1\n" + many + "[a]\nc = 1\n").find("line " + end) != std::string::npos);
  CHECK_FALSE(refusal(many + "x = [\n" + many).empty());
  CHECK_FALSE(refusal(many + "name = \"again\"\n" + many).empty());
}

TEST_CASE("tables of a large file may stand anywhere in it", "[config][large]") {
  auto const read =
      config::inspect(many_entries(900) + "[labels]\nkey = \"v\"\n" + many_entries(900) +
                          "[session_server]\nsession_timeout = 9\n" + many_entries(900),
                      no_variable);
  REQUIRE(read.has_value());
  CHECK(read->values.runners.size() == 2700);
  CHECK(read->values.labels.at("key") == "v");
  CHECK(read->values.session_server.session_timeout == 9);
}
