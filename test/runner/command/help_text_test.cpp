#include "runner/command/help_text.hpp"

#include "runner/command/help_pages.hpp"
#include "test/runner/command/declared.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <sstream>

using namespace corunner;

namespace {

// Lines of a terminal that a person reads without scrolling.
constexpr auto screen = 50;

std::vector<std::string> split(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::string help_of(test::declared& program, called_command const& which, extent how_much) {
  return command_help("corunner", which.name, *which.which, program.flags(which.name), how_much);
}

}  // namespace

TEST_CASE("the help of each command fits a screen", "[command][help]") {
  test::declared program;
  for (auto const& each : callable_commands()) {
    CAPTURE(each.name);
    CHECK(std::ranges::count(help_of(program, each, extent::main), '\n') <= screen);
  }
  auto const whole = application_help("corunner", all_commands(), program.flags(""), extent::main);
  CHECK(std::ranges::count(whole, '\n') <= screen);
}

TEST_CASE("what a screen has no room for is told where it is", "[command][help]") {
  test::declared program;
  auto const commands = callable_commands();
  auto const found = std::ranges::find(commands, "register", &called_command::name);
  REQUIRE(found != commands.end());
  auto const main = help_of(program, *found, extent::main);
  auto const all = help_of(program, *found, extent::all);
  CHECK(main.find("register --help-all") != main.npos);
  CHECK(main.find("--kubernetes-host_aliases") == main.npos);
  CHECK(all.find("--kubernetes-host_aliases") != all.npos);
  CHECK(all.find("--help-all") == all.npos);
  for (flag const& each : program.flags("register")) {
    CAPTURE(each.names);
    CHECK(all.find("--" + std::string(each.each_name().back())) != all.npos);
  }
}

TEST_CASE("internal commands are told when all is asked for", "[command][help]") {
  CHECK(application_help("corunner", all_commands(), {}, extent::main).find("cache-archiver") ==
        std::string::npos);
  CHECK(application_help("corunner", all_commands(), {}, extent::all).find("cache-archiver") !=
        std::string::npos);
}

TEST_CASE("the main flags of a command are flags of it", "[command][help]") {
  test::declared program;
  for (flag_group const& group : main_flags()) {
    auto const flags = program.flags(group.command);
    std::string list(group.flags);
    std::ranges::replace(list, ',', ' ');
    for (auto const& name : split(list)) {
      CAPTURE(group.command, name);
      CHECK(std::ranges::any_of(flags, [&](flag const& each) {
        auto const names = each.each_name();
        return std::ranges::find(names, name) != names.end();
      }));
    }
  }
}

TEST_CASE("every example is a command line that is understood", "[command][help]") {
  test::declared program;
  auto const commands = callable_commands();
  for (example const& each : all_examples()) {
    CAPTURE(each.words);
    auto words = split(each.words.substr(0, each.words.find_first_of("|>")));
    // The longest name that fits: "config explain".
    auto name = words.front();
    words.erase(words.begin());
    if (!words.empty() && std::ranges::find(commands, name + ' ' + words.front(),
                                            &called_command::name) != commands.end()) {
      name += ' ' + words.front();
      words.erase(words.begin());
    }
    // A group shows examples of what is in it.
    bool const of_group = name.starts_with(std::string(each.command) + ' ');
    CHECK((each.command.empty() || each.command == name || of_group));
    // Some flags are there for root or for everybody else.
    if (name == "install") continue;
    auto const parsed =
        parse_flags(program.flags(name), words, program.all().variables, mixing::anywhere);
    CHECK(parsed.failure == "");
  }
}
