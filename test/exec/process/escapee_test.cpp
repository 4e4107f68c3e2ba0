// Processes that try everything to outlive their job: a session of their own, no parent, no mark in
// the environment, deaf to SIGTERM. With real control groups where this machine lets us make some.
#include "exec/process/control_group.hpp"
#include "exec/process/orphans.hpp"
#include "exec/process/posix_launcher.hpp"
#include "exec/process/run_process.hpp"
#include "exec/process/strays.hpp"
#include "test/exec/collecting_sink.hpp"
#include "test/exec/process/mounted_control_groups.hpp"
#include "test/exec/real_loop.hpp"
#include "test/net/temporary_directory.hpp"
#include "test/exec/process/isolation.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace corunner::exec {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using place = std::optional<fs::path>;

std::string contents(char const* file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

place any_place() {
  test::mount_control_groups();
  return find_control_group_place();
}

// The first place whose groups have such a file, if we may make groups there.
place real_place(std::string const& file) {
  test::mount_control_groups();
  for (auto const& each : control_group_places(contents("/proc/self/cgroup"),
                                               contents("/proc/self/mountinfo"))) {
    auto const probe = control_group_of(each, "probe-" + std::to_string(::getpid()));
    if (probe.make()) continue;
    bool const has_it = fs::exists(probe.directory() / file);
    probe.remove();
    if (has_it) return each;
  }
  return std::nullopt;
}

struct world {
  explicit world(place where)
      : launcher(
            loop.io.get_executor(), loop.time,
            {.strays = {.terminate = 100ms, .kill = 5s}, .find_place = [where] { return where; }}) {
  }

  run_result sh(std::string script, std::string mark = test::own_mark()) {
    process_options what;
    what.arguments = {"sh"};
    what.input = std::move(script);
    what.mark = std::move(mark);
    return loop.run(run_process(launcher, loop.time, what, sink));
  }
  // The pid of one that has come away.
  int escape(std::string const& mark = test::own_mark()) {
    sink.out.clear();
    auto const ran = sh(
        "(env -i PATH=\"$PATH\" setsid sh -c 'trap \"\" TERM; echo $$; exec >/dev/null 2>&1; "
        "while :; do sleep 0.05; done' &) ; sleep 0.3",
        mark);
    CHECK(ran.status.ok());
    return std::stoi(sink.out);
  }
  std::size_t end_strays(std::string mark = test::own_mark()) {
    return loop.run(launcher.end_strays(mark));
  }

  test::without_children at_the_beginning;
  test::real_loop loop;
  test::collecting_sink sink;
  posix_launcher launcher;
};

bool is_alive(int pid) { return ::kill(pid, 0) == 0; }

TEST_CASE("nothing of a control group outlives its end, and the group is removed",
          "[exec][cgroup]") {
  auto const file = GENERATE(as<std::string>(), "cgroup.kill", "freezer.state");
  CAPTURE(file);
  auto const where = real_place(file);
  if (!where) SKIP("no control groups with " + file + " can be made here");
  world w(where);
  int const pid = w.escape();
  REQUIRE(is_alive(pid));
  auto const group = control_group_of(*where, test::own_mark());
  CHECK(group.contains(pid));
  CHECK(w.end_strays() >= 1);
  CHECK_FALSE(is_alive(pid));
  CHECK_FALSE(fs::exists(group.directory()));
  CHECK(children_of_ours().empty());
}

TEST_CASE("a control group keeps the jobs apart that the environment does not", "[exec][cgroup]") {
  auto const where = any_place();
  if (!where) SKIP("no control groups can be made here");
  world w(where);
  int const other = w.escape(test::own_mark("other"));
  int const mine = w.escape(test::own_mark("mine"));
  w.end_strays(test::own_mark("mine"));
  CHECK_FALSE(is_alive(mine));
  CHECK(is_alive(other));
  w.end_strays(test::own_mark("other"));
  CHECK_FALSE(is_alive(other));
}

TEST_CASE("what an earlier process of ours left in a control group is ended by its directory",
          "[exec][cgroup]") {
  auto const where = any_place();
  if (!where) SKIP("no control groups can be made here");
  world w(where);
  int const pid = w.escape();
  auto const left = w.launcher.leftovers_of(test::own_mark());
  REQUIRE(left.size() == 2);
  CHECK(left[0] == leftover{leftover::kind::processes, test::own_mark()});
  CHECK(left[1].what == leftover::kind::control_group);
  CHECK(w.loop.run(end_members(w.loop.time, control_group(left[1].name))) >= 1);
  w.end_strays();
  CHECK_FALSE(is_alive(pid));
  CHECK_FALSE(fs::exists(left[1].name));
}

// Lives a millisecond, and by then has a successor, who notes that he lives.
struct relay {
  relay() {
    std::ofstream(program())
        << "#!/bin/sh\ntrap '' TERM HUP INT\n[ -e \"$1\" ] && echo >> \"$1\" && "
           "\"$0\" \"$1\" &\n";
    fs::permissions(program(), fs::perms::owner_all);
    std::ofstream(notes()) << "";
  }
  // It ends with the directory, at the latest.
  std::string program() const { return (directory.path() / "relay").string(); }
  std::string notes() const { return (directory.path() / "notes").string(); }
  std::string start() const {
    return "(env -i PATH=\"$PATH\" setsid " + program() + " " + notes() +
           " >/dev/null 2>&1 &); sleep 0.3";
  }
  bool runs(test::real_loop& loop) const {
    auto const before = fs::file_size(notes());
    loop.run(loop.time.sleep_for(200ms));
    return fs::file_size(notes()) != before;
  }
  test::temporary_directory directory;
};

TEST_CASE("a process that always has a successor when it is looked at is caught",
          "[exec][cgroup]") {
  bool const grouped = GENERATE(true, false);
  CAPTURE(grouped);
  auto const where = grouped ? any_place() : std::nullopt;
  if (grouped && !where) SKIP("no control groups can be made here");
  relay const one;
  world w(where);
  REQUIRE(w.sh(one.start()).status.ok());
  REQUIRE(one.runs(w.loop));
  w.end_strays();
  CHECK_FALSE(one.runs(w.loop));
  CHECK(children_of_ours().empty());
}

TEST_CASE("a place where no group can be made is no hindrance", "[exec][cgroup]") {
  world w(place("/proc/no/such"));
  CHECK(w.sh("echo fine").status.ok());
  CHECK(w.sink.out == "fine\n");
  w.end_strays();
}

TEST_CASE("without control groups a process that nobody can tell apart ends with the last job",
          "[exec][process]") {
  world w(std::nullopt);
  CHECK(w.launcher.leftovers_of(test::own_mark()).size() == 1);
  int const pid = w.escape();
  w.sh("sleep 60 > /dev/null 2>&1 &", test::own_mark("other"));
  CHECK(w.end_strays() == 0);
  CHECK(is_alive(pid));
  w.end_strays(test::own_mark("other"));
  CHECK_FALSE(is_alive(pid));
  CHECK(children_of_ours().empty());
}

}  // namespace
}  // namespace corunner::exec
