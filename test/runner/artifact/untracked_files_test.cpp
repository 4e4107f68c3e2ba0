#include "runner/artifact/untracked_files.hpp"

#include "exec/process/posix_launcher.hpp"
#include "test/exec/archive/scratch.hpp"
#include "test/exec/real_loop.hpp"
#include "test/support/memory_net.hpp"

#include <catch2/catch_test_macros.hpp>

namespace corunner {
namespace {

struct git_world {
  test::real_loop loop;
  test::scratch files;
  net::blocking_pool pool{1};
  test::memory_dialer network{loop.io.get_executor()};
  exec::posix_launcher processes{loop.io.get_executor(), loop.time};
  log_target log_output{loop.time, [](std::string_view) {}};
  std::string complaints;
  artifact_context context{network, loop.time, pool, processes, logger(log_output),
                           [](std::string_view) { return std::nullopt; }, files.path(), "tests",
                           [](std::string_view) {},
                           [this](std::string_view text) { complaints += text; }};

  untracked_listing list() { return loop.run(untracked_files(context)); }
};

TEST_CASE("git lists what it does not track, ignored files too", "[artifact]") {
  git_world w;
  w.files.file("new file", "n");
  w.files.file("old", "o");
  w.files.file("x.o", "x");
  w.files.file(".gitignore", "*.o\n");
  REQUIRE(test::shell(w.files.path(), "git init -q . && git add old .gitignore").exit_code == 0);
  auto const listing = w.list();
  CHECK(listing.failure.empty());
  CHECK(listing.names == std::string("new file\0x.o\0", 13));
}

TEST_CASE("what git complains about passes through", "[artifact]") {
  git_world w;
  auto const listing = w.list();
  CHECK(listing.failure == "exit status 128");
  CHECK(w.complaints.find("not a git repository") != std::string::npos);
}

}  // namespace
}  // namespace corunner
