#include "test/system/support/systemd_machine.hpp"

#include "test/system/support/files.hpp"
#include "test/system/support/proc.hpp"
#include "test/system/support/service_script.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>

namespace corunner::test {

namespace {

// Ends with us, even when we crash.
child_options boot(world& in) {
  auto how = in.program({});
  auto const script = std::filesystem::path(std::getenv("CORUNNER_TEST_DATA")) / "systemd/boot";
  how.arguments = {"--pdeathsig",     "TERM",
                   "unshare",         "--mount",
                   "bash",            script.string(),
                   in.path("").string(), how.program.string()};
  how.program = "setpriv";
  return how;
}

int first_process_below(int boot) {
  for (int const each : descendants_of(boot)) {
    if (title_of(each).starts_with("/lib/systemd/systemd ")) return each;
  }
  return 0;
}

}  // namespace

systemd_machine::systemd_machine(world& in) : world_(in), boot_(in.loop, boot(in)) {
  bool const started = world_.loop.run_until([this] {
    first_process_ = first_process_below(boot_.pid());
    return first_process_ != 0 || boot_.look_whether_it_ended();
  });
  INFO(boot_.out() << boot_.err());
  REQUIRE(started);
  REQUIRE(first_process_ != 0);
  run(R"sh(
while [ ! -S /run/systemd/private ]; do sleep 0.05; done
systemctl is-system-running --wait || systemctl is-active basic.target
)sh");
}

std::vector<std::string> systemd_machine::inside(std::vector<std::string> command) const {
  std::vector<std::string> all{"--target",
                               std::to_string(first_process_),
                               "--mount",
                               "--pid",
                               "--uts",
                               "--ipc",
                               "env",
                               "-i",
                               "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                               "HOME=/root",
                               "LANG=C.UTF-8"};
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

std::string systemd_machine::run(std::string const& script) {
  write_file(world_.path("script"), service_script() + script);
  auto const ran = world_.try_run(
      "nsenter", inside({"PROGRAM=/opt/corunner/corunner", "HERE=" + world_.path("").string(), "sh",
                         world_.path("script").string()}));
  if (ran.code != 0) {
    auto const journal = world_.try_run("nsenter", inside({"journalctl", "--no-pager"}));
    FAIL(ran.out << ran.err << "\n--- journal\n" << journal.out << journal.err);
  }
  return ran.out;
}

}  // namespace corunner::test
