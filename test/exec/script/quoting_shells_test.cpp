// Any bytes that a variable can hold arrive unchanged through every shell that is here.
#include "exec/script/quoting.hpp"
#include "test/exec/script/real_shell.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include <random>
#include <string>
#include <vector>

namespace corunner::exec {
namespace {

using quoter = std::string (*)(std::string_view);

struct form {
  std::vector<std::string> shell;
  quoter quote;
  std::string name;
};

// dash does not know $'...'.
std::vector<form> forms() {
  std::vector<form> all{{{"bash"}, quote_ansi_c, "bash, ANSI-C"},
                        {{"bash"}, quote_posix, "bash, POSIX"},
                        {{"bash", "--posix"}, quote_posix, "bash --posix, POSIX"},
                        {{"dash"}, quote_posix, "dash, POSIX"},
                        {{"busybox", "ash"}, quote_ansi_c, "busybox, ANSI-C"},
                        {{"busybox", "ash"}, quote_posix, "busybox, POSIX"},
                        {{"zsh"}, quote_ansi_c, "zsh, ANSI-C"},
                        {{"zsh"}, quote_posix, "zsh, POSIX"}};
  std::erase_if(all, [](form const& each) { return !test::is_installed(each.shell.front()); });
  return all;
}

// Texts of bytes but NUL, most of them those that shells look at.
std::vector<std::string> texts() {
  constexpr std::string_view special = "'\"\\$`!;&|<>(){}[]*?~#=%^ \t\n\r\a\b\v\f\x1b" "anx0u";
  std::mt19937 random(20260103);
  std::vector<std::string> all{
      "", "-n", "--", "~", "=", "%s", "\\c", "$(touch hacked)", "`touch hacked`"};
  for (int c = 1; c != 256; ++c) all.emplace_back(1, static_cast<char>(c));
  for (int i = 0; i != 1000; ++i) {
    std::string text;
    for (auto left = random() % 24; left != 0; --left) {
      text += random() % 4 == 0 ? static_cast<char>(1 + random() % 255)
                                : special[random() % special.size()];
    }
    all.push_back(std::move(text));
  }
  return all;
}

TEST_CASE("a quoted text is one word of exactly these bytes, in every shell", "[exec][script]") {
  auto const how = GENERATE(from_range(forms()));
  auto const evaluated = GENERATE(false, true);
  CAPTURE(how.name, evaluated);
  std::string script = "export V\n";
  std::string expected;
  for (auto const& text : texts()) {
    auto const assign = "V=" + how.quote(text);
    // As the frame of a stage does: quoted a second time, as a whole.
    script += (evaluated ? "eval " + how.quote(assign) : assign) + "\nprintf '%s\\0' \"$V\"\n";
    expected += text + '\0';
  }
  test::scratch_directory dir;
  auto const ran = test::run_shell(how.shell, script, dir.path());
  CHECK(ran.err.empty());
  CHECK(ran.status.ok());
  CHECK((ran.out == expected));
  CHECK_FALSE(std::filesystem::exists(dir / "hacked"));
}

}  // namespace
}  // namespace corunner::exec
