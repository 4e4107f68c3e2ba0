#include "exec/process/control_group.hpp"

#include "exec/process/orphans.hpp"
#include "test/exec/real_loop.hpp"
#include "test/net/temporary_directory.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace corunner::exec {
namespace {

using paths = std::vector<std::filesystem::path>;

std::string text_of(std::filesystem::path const& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(std::filesystem::path const& file, std::string const& text) {
  std::ofstream(file, std::ios::binary) << text;
}

TEST_CASE("control groups are made below our own, in the unified hierarchy rather than the freezer",
          "[exec][cgroup]") {
  std::string const v2 =
      "24 30 0:22 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
  std::string const hybrid =
      "31 30 0:25 / /sys/fs/cgroup/unified rw shared:5 - cgroup2 cgroup2 rw\n"
      "36 30 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
      "37 30 0:31 / /sys/fs/cgroup/freezer rw shared:7 master:1 - cgroup cgroup rw,freezer\n";
  std::string const in_container = "24 30 0:22 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n";
  auto const [groups, mounts, expected] = GENERATE_COPY(table<std::string, std::string, paths>({
      {"0::/system.slice/runner.service\n", v2, {"/sys/fs/cgroup/system.slice/runner.service"}},
      {"0::/\n", v2, {"/sys/fs/cgroup"}},
      {"9:freezer:/f\n1:name=systemd:/\n0::/u\n", hybrid,
       {"/sys/fs/cgroup/unified/u", "/sys/fs/cgroup/freezer/f"}},
      {"4:cpu,cpuacct:/c\n9:freezer:/f\n", hybrid, {"/sys/fs/cgroup/freezer/f"}},
      // The mount shows a part only: with us in it, or without.
      {"0::/docker/abc/x\n", in_container, {"/sys/fs/cgroup/x"}},
      {"0::/docker/abcd\n", in_container, {}},
      {"0::/../other\n", v2, {}},
      {"", v2, {}},
      {"0::/x\n", "", {}},
      {"nonsense\n::\n", "nonsense\n\n- cgroup2\n", {}},
  }));
  CAPTURE(groups, mounts);
  CHECK(control_group_places(groups, mounts) == expected);
}

// What the files of a group say is the kernel's business; which are read and written is ours.
struct fake_group {
  explicit fake_group(std::string const& kind_of_kill) {
    write(directory.path() / "cgroup.procs", "");
    write(directory.path() / kind_of_kill, "");
  }
  ~fake_group() {
    if (member <= 0) return;
    ::kill(member, SIGKILL);
    ::waitpid(member, nullptr, 0);
  }
  void add_member() {
    member = ::fork();
    if (member == 0) {
      ::execlp("sleep", "sleep", "60", nullptr);
      ::_exit(127);
    }
    write(directory.path() / "cgroup.procs", "0\n" + std::to_string(member) + "\n");
  }

  test::temporary_directory directory;
  control_group group{directory.path()};
  pid_t member = 0;
};

TEST_CASE("the kernel kills a whole group when it can", "[exec][cgroup]") {
  fake_group fake("cgroup.kill");
  fake.add_member();
  fake.group.kill();
  CHECK(text_of(fake.directory.path() / "cgroup.kill") == "1");
  CHECK(::kill(fake.member, 0) == 0);
}

TEST_CASE("without that the members are killed while they are frozen", "[exec][cgroup]") {
  auto const [file, thawed] = GENERATE(
      table<std::string, std::string>({{"cgroup.freeze", "0"}, {"freezer.state", "THAWED"}}));
  fake_group fake(file);
  fake.add_member();
  CHECK(fake.group.members() == std::vector<int>{fake.member});
  fake.group.kill();
  int status = 0;
  REQUIRE(::waitpid(fake.member, &status, 0) == fake.member);
  CHECK(WTERMSIG(status) == SIGKILL);
  fake.member = 0;
  // Written over, as a plain file is: the last word counts, and it is no longer than the first.
  CHECK(text_of(fake.directory.path() / file).starts_with(thawed));
}

TEST_CASE("members of groups inside a group count", "[exec][cgroup]") {
  test::temporary_directory directory;
  std::filesystem::create_directories(directory.path() / "inner" / "most");
  write(directory.path() / "cgroup.procs", "11\n");
  write(directory.path() / "inner" / "cgroup.procs", "12\n");
  write(directory.path() / "inner" / "most" / "cgroup.procs", "0\n13\n");
  auto members = control_group(directory.path()).members();
  std::ranges::sort(members);
  CHECK(members == std::vector<int>{11, 12, 13});
  CHECK(control_group(directory.path()).contains(13));
  CHECK_FALSE(control_group(directory.path()).contains(0));
}

TEST_CASE("a group that is gone is removed, empty and harmless", "[exec][cgroup]") {
  test::real_loop loop;
  control_group const gone("/sys/fs/cgroup/corunner-never-made");
  CHECK(gone.members().empty());
  gone.kill();
  CHECK_FALSE(gone.open());
  CHECK(gone.remove());
  CHECK(loop.run(end_members(loop.time, gone)) == 0);
}

TEST_CASE("only directories with our name are taken for groups of ours", "[exec][cgroup]") {
  CHECK(is_name_of_ours(control_group_of("/sys/fs/cgroup", "7-abc").directory()));
  CHECK_FALSE(is_name_of_ours("/sys/fs/cgroup/system.slice"));
  CHECK_FALSE(is_name_of_ours("corunner-relative"));
  CHECK_FALSE(is_name_of_ours(""));
}

}  // namespace
}  // namespace corunner::exec
