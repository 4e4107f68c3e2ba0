#include "exec/process/exit_status.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <tuple>

namespace corunner::exec {
namespace {

TEST_CASE("an end is told in the words of the reference", "[exec][process]") {
  auto const [how, text] = GENERATE(table<exit_status, std::string>({
      {{.exit_code = 0}, "exit status 0"},
      {{.exit_code = 42}, "exit status 42"},
      {{.exit_code = 255}, "exit status 255"},
      {{.signal = 1}, "signal: hangup"},
      {{.signal = 2}, "signal: interrupt"},
      {{.signal = 3}, "signal: quit"},
      {{.signal = 4}, "signal: illegal instruction"},
      {{.signal = 5}, "signal: trace/breakpoint trap"},
      {{.signal = 6, .core_dumped = true}, "signal: aborted (core dumped)"},
      {{.signal = 7}, "signal: bus error"},
      {{.signal = 8}, "signal: floating point exception"},
      {{.signal = 9}, "signal: killed"},
      {{.signal = 10}, "signal: user defined signal 1"},
      {{.signal = 11}, "signal: segmentation fault"},
      {{.signal = 12}, "signal: user defined signal 2"},
      {{.signal = 13}, "signal: broken pipe"},
      {{.signal = 14}, "signal: alarm clock"},
      {{.signal = 15}, "signal: terminated"},
      {{.signal = 40}, "signal: signal 40"},
  }));
  CHECK(describe(how) == text);
}

}  // namespace
}  // namespace corunner::exec
