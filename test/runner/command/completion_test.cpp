#include "runner/command/completion.hpp"

#include "test/runner/command/declared.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <algorithm>

using namespace corunner;

namespace {

using words = std::vector<std::string>;

words completed(words const& typed) {
  test::declared program;
  words out;
  for (auto const& each : complete(program.all(), typed).words) out.push_back(each.word);
  return out;
}

bool offers(words const& typed, std::string const& word) {
  auto const found = completed(typed);
  return std::ranges::find(found, word) != found.end();
}

}  // namespace

TEST_CASE("what may stand for a word is found in the tables of commands and flags",
          "[command][completion]") {
  auto const [typed, found] = GENERATE(table<words, words>({
      {{"regi"}, {"register"}},
      {{"lis"}, {"list"}},
      {{"--log-f"}, {"--log-format"}},
      {{"--log-format", ""}, {"runner", "text", "json"}},
      {{"--log-format=t"}, {"--log-format=text"}},
      {{"--debug", "--log-level", "error", "regi"}, {"register"}},
      {{"config", "s"}, {"schema"}},
      {{"config", "schema", "x"}, {}},
      {{"fleeting", "--c"}, {"--config"}},
      {{"fleeting", "--config", "list", "l"}, {"list", "login"}},
      {{"fleeting", "--config=list", "login", "--password-"}, {"--password-stdin"}},
      {{"help", "reg"}, {"register"}},
      {{"man", "veri"}, {"verify"}},
      {{"completion", ""}, {"bash", "zsh", "fish"}},
      {{"register", "--executor", "docker-"}, {"docker-windows", "docker-autoscaler"}},
      {{"register", "--executor=ku"}, {"--executor=kubernetes"}},
      {{"register", "-executor", "ss"}, {"ssh"}},
      {{"register", "--shell", "p"}, {"pwsh", "powershell"}},
      {{"register", "--strict-check-interval", ""}, {"true", "false"}},
      {{"register", "--docker-pull-policy", "n"}, {"never"}},
      {{"register", "--unhealthy-i"}, {"--unhealthy-interval"}},
      {{"register", "--locked", "--unhealthy-i"}, {"--unhealthy-interval"}},
      {{"register", "--url", "--unhealthy-i"}, {}},
      {{"register", "--access-level", "r"}, {"ref_protected"}},
      {{"runners", "list", "--status", "on"}, {"online"}},
      {{"runners", "cre"}, {"create"}},
      {{"no-such-command", "--u"}, {}},
      {{"list", "--", "--c"}, {}},
      {{"proxy-exec", "ls", "--b"}, {}},
  }));
  CAPTURE(typed);
  CHECK(completed(typed) == found);
}

TEST_CASE("a flag is offered once, one that adds up again", "[command][completion]") {
  CHECK(offers({"register", "--"}, "--url"));
  CHECK(offers({"register", "-"}, "-u"));
  CHECK_FALSE(offers({"register", "--url", "x", "--"}, "--url"));
  CHECK_FALSE(offers({"register", "-u", "x", "--"}, "--url"));
  CHECK(offers({"register", "--env", "A=1", "--"}, "--env"));
}

TEST_CASE("every command is offered but those that are hidden", "[command][completion]") {
  CHECK(offers({""}, "artifacts-uploader"));
  CHECK(offers({}, "local"));
  CHECK(offers({""}, "help"));
  CHECK_FALSE(offers({""}, "__complete"));
  CHECK_FALSE(offers({""}, "steps"));
}

TEST_CASE("files and directories are left to the shell", "[command][completion]") {
  auto const [typed, by] = GENERATE(table<words, completed_by>({
      {{"list", "--config", ""}, completed_by::files},
      {{"list", "--config=/e"}, completed_by::files},
      {{"fleeting", "-c", ""}, completed_by::files},
      {{"register", "--tls-ca-file", ""}, completed_by::files},
      {{"register", "--builds-dir", ""}, completed_by::directories},
      {{"run", "-d", ""}, completed_by::directories},
      {{"register", "--url", ""}, completed_by::words},
      {{"register", "--"}, completed_by::words},
      {{"proxy-exec", "/b"}, completed_by::files},
  }));
  CAPTURE(typed);
  test::declared program;
  CHECK(complete(program.all(), typed).more == by);
}
