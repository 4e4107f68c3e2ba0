#include "exec/dummy/dummy_command.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <tuple>

namespace corunner::exec {
namespace {

using namespace std::chrono_literals;
using kind = dummy_command::kind;

TEST_CASE("a line of a dummy script is one command", "[exec][dummy]") {
  auto const [line, what, text, number, time] =
      GENERATE(table<std::string, kind, std::string, int, std::chrono::milliseconds>({
          {"", kind::nothing, "", 0, 0ms},
          {"   ", kind::nothing, "", 0, 0ms},
          {"# a comment", kind::nothing, "", 0, 0ms},
          {"true", kind::nothing, "", 0, 0ms},
          {": what ever", kind::nothing, "what ever", 0, 0ms},
          {"print two  words ", kind::print, "two  words ", 0, 0ms},
          {"  echo x", kind::print, "x", 0, 0ms},
          {"echo", kind::print, "", 0, 0ms},
          {"error \\e[1m\\\\n\\n\\q\\", kind::error, "\x1b[1m\\n\n\\q\\", 0, 0ms},
          {"raw \\r", kind::raw, "\r", 0, 0ms},
          {"repeat 3 a b", kind::repeat, "a b", 3, 0ms},
          {"sleep 2", kind::sleep, "", 0, 2s},
          {"sleep 1.5s", kind::sleep, "", 0, 1500ms},
          {"sleep 20ms", kind::sleep, "", 0, 20ms},
          {"stubborn 2m", kind::stubborn, "", 0, 2min},
          {"exit", kind::exit, "", 0, 0ms},
          {"exit 3", kind::exit, "", 3, 0ms},
          {"false", kind::exit, "", 1, 0ms},
          {"signal 9", kind::signal, "", 9, 0ms},
          {"hang", kind::hang, "", 0, 0ms},
          {"leak", kind::leak, "", 0, 0ms},
          {"fail no disk", kind::fail, "no disk", 0, 0ms},
          {"make all", kind::unknown, "make", 0, 0ms},
          {"sleep long", kind::unknown, "sleep", 0, 0ms},
          {"sleep -1", kind::unknown, "sleep", 0, 0ms},
          {"exit 3x", kind::unknown, "exit", 0, 0ms},
          {"hang up", kind::unknown, "hang", 0, 0ms},
      }));
  CAPTURE(line);
  auto const command = parse_dummy_command(line);
  CHECK(command.what == what);
  CHECK(command.text == text);
  CHECK(command.number == number);
  CHECK(command.time == time);
}

}  // namespace
}  // namespace corunner::exec
