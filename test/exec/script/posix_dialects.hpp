#pragma once

#include "exec/script/shell_writer.hpp"
#include "test/exec/script/real_shell.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include <memory>
#include <string>
#include <vector>

namespace corunner::test {

// A shell that exists here, and the writing that suits it.
struct dialect {
  std::vector<std::string> start;
  std::string shell;
  bool posix_escapes;
};

inline std::vector<dialect> const& dialects() {
  static std::vector<dialect> const all = [] {
    std::vector<dialect> known{{{"bash"}, "bash", false},
                               {{"bash"}, "bash", true},
                               {{"dash"}, "sh", true},
                               {{"busybox", "sh"}, "sh", true},
                               {{"busybox", "sh"}, "sh", false}};
    std::erase_if(known, [](dialect const& d) { return !is_installed(d.start.front()); });
    return known;
  }();
  return all;
}

// A writer, the directory that its script runs in, and the shell that runs it.
struct script_bench {
  explicit script_bench(dialect how, exec::shell_writer_options options = {}) : by(std::move(how)) {
    options.shell = by.shell;
    options.posix_escapes = by.posix_escapes;
    options.temporary_directory = dir / "job.tmp";
    w = exec::make_shell_writer(options);
  }

  shell_result run(bool trace = false) {
    auto script = w->finish(trace);
    INFO(script);
    return run_shell(by.start, script, dir.path());
  }

  dialect by;
  scratch_directory dir;
  std::unique_ptr<exec::shell_writer> w;
};

}  // namespace corunner::test

#define FOR_EACH_SHELL(b)                                                         \
  auto const how = GENERATE(from_range(corunner::test::dialects()));              \
  CAPTURE(how.start, how.posix_escapes);                                          \
  corunner::test::script_bench b(how)
