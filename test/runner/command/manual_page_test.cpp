#include "runner/command/manual_page.hpp"

#include "test/runner/command/declared.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

using namespace corunner;

namespace {

std::string escaped(std::string text) {
  for (auto at = text.find('-'); at != text.npos; at = text.find('-', at + 2)) {
    text.insert(at, 1, '\\');
  }
  return text;
}

}  // namespace

TEST_CASE("the page of a command has each of its flags, with variable and choices",
          "[command][man]") {
  test::declared program;
  auto const commands = callable_commands();
  auto const found = std::ranges::find(commands, "register", &called_command::name);
  REQUIRE(found != commands.end());
  auto const flags = program.flags("register");
  auto const page = command_manual("corunner", *found, flags);
  for (flag const& each : flags) {
    for (auto const name : each.each_name()) {
      CAPTURE(name);
      CHECK(page.find("\\fB" + escaped((name.size() == 1 ? "-" : "--") + std::string(name)) +
                      "\\fR") != page.npos);
    }
    CHECK(page.find(each.variable) != page.npos);
  }
  CHECK(page.starts_with(".TH \"corunner\\-register\" \"1\" "));
  CHECK(page.find("One of shell, ssh, custom,") != page.npos);
  CHECK(page.find(".SH EXAMPLES") != page.npos);
}

TEST_CASE("text is not taken for requests of the formatter", "[command][man]") {
  command_entry const entry{"odd", ".summary with \\ and 'quotes'", nullptr};
  std::string value;
  auto const page =
      command_manual("corunner", {"odd", &entry}, {{"x", &value, "'doc", "", "value"}});
  CHECK(page.find("\\&.summary with \\e and \\(aqquotes\\(aq") != page.npos);
  CHECK(page.find("\n\\&\\(aqdoc\n") != page.npos);
}

TEST_CASE("the page of a command in a group has the flags that stand before it", "[command][man]") {
  test::declared program;
  auto const commands = callable_commands();
  auto const found = std::ranges::find(commands, "fleeting list", &called_command::name);
  REQUIRE(found != commands.end());
  REQUIRE(found->group);
  auto const page =
      command_manual("corunner", *found, program.flags("fleeting list"), program.flags("fleeting"));
  CHECK(page.find(".SH OPTIONS OF corunner fleeting\n") != page.npos);
  CHECK(page.find("Variable: \\fBCONFIG_FILE\\fR") != page.npos);
  CHECK(page.find(".SH OPTIONS\n") == page.npos);
}

TEST_CASE("the page of the program names the page of each command", "[command][man]") {
  auto const page = program_manual("corunner");
  CHECK(page.find("corunner\\-config\\-explain\\fR(1)") != page.npos);
  CHECK(page.find("__complete") == page.npos);
}
