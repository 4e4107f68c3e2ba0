// The tools are scripts that write down how they were called.
#include "exec/process/posix_launcher.hpp"
#include "runner/service/service_control.hpp"
#include "test/exec/real_loop.hpp"
#include "test/runner/service/machine.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

namespace corunner {
namespace {

namespace fs = std::filesystem;

struct bench {
  explicit bench(init_system which) : system(which) {}

  service_control::trouble install(bool of_user = false) {
    return loop.run(control().install({.name = "ci",
                                       .program = "/bin/true",
                                       .arguments = {"run"},
                                       .user = "",
                                       .of_user = of_user}));
  }
  service_control::trouble uninstall(bool of_user = false) {
    return loop.run(control().uninstall("ci", of_user));
  }
  service_state state() { return loop.run(control().state("ci", false)); }
  service_control control() { return {system, at.host(), launcher, loop.time}; }

  init_system system;
  test::machine at;
  test::real_loop loop;
  exec::posix_launcher launcher{loop.io.get_executor(), loop.time};
};

using kind = service_state::kind;

}  // namespace

TEST_CASE("a systemd service is written, enabled, and gone after it is uninstalled", "[service]") {
  bench b(init_system::systemd);
  b.at.add_tool("systemctl");
  CHECK(b.install() == std::nullopt);
  CHECK(b.at.calls() == "systemctl enable ci.service\nsystemctl daemon-reload\n");
  auto const unit = b.at.root() / "etc/systemd/system/ci.service";
  CHECK(fs::status(unit).permissions() == fs::perms(0644));
  CHECK(b.install() == "Init already exists: " + unit.string());
  CHECK(b.at.calls().empty());
  CHECK(b.uninstall() == std::nullopt);
  CHECK(b.at.calls() == "systemctl disable ci.service\nsystemctl daemon-reload\n");
  CHECK_FALSE(fs::exists(unit));
  CHECK(b.uninstall() == "the service is not installed");
}

TEST_CASE("a service of the user's own is in his home and belongs to his systemd", "[service]") {
  bench b(init_system::systemd);
  b.at.add_tool("systemctl");
  CHECK(b.install(true) == std::nullopt);
  CHECK(b.at.calls() == "systemctl --user enable ci.service\nsystemctl --user daemon-reload\n");
  CHECK(fs::exists(b.at.root() / "home/.config/systemd/user/ci.service"));
  CHECK(b.loop.run(b.control().restart("ci", true)) == std::nullopt);
  CHECK(b.at.calls() == "systemctl --user restart ci.service\n");
}

TEST_CASE("a System V service is linked into the run levels that are there", "[service]") {
  auto const system =
      GENERATE(init_system::sysv_debian, init_system::sysv_redhat, init_system::sysv);
  bench b(system);
  b.at.add_directory("etc/rc3.d");
  b.at.add_directory("etc/rc6.d");
  CHECK(b.install() == std::nullopt);
  CHECK(fs::status(b.at.root() / "etc/init.d/ci").permissions() == fs::perms(0755));
  CHECK(fs::read_symlink(b.at.root() / "etc/rc3.d/S50ci") == "/etc/init.d/ci");
  CHECK(fs::read_symlink(b.at.root() / "etc/rc6.d/K02ci") == "/etc/init.d/ci");
  CHECK_FALSE(fs::exists(b.at.root() / "etc/rc2.d"));
  CHECK(b.uninstall() == std::nullopt);
  CHECK(fs::is_empty(b.at.root() / "etc/rc3.d"));
  CHECK(fs::is_empty(b.at.root() / "etc/init.d"));
}

TEST_CASE("an OpenRC service is added to its default level, an Upstart one needs its file only",
          "[service]") {
  bench openrc(init_system::openrc);
  openrc.at.add_tool("rc-update");
  CHECK(openrc.install() == std::nullopt);
  CHECK(openrc.uninstall() == std::nullopt);
  CHECK(openrc.at.calls() == "rc-update add ci default\nrc-update delete ci default\n");
  bench upstart(init_system::upstart);
  CHECK(upstart.install() == std::nullopt);
  CHECK(fs::exists(upstart.at.root() / "etc/init/ci.conf"));
}

TEST_CASE("the tool of the init system starts, stops and restarts", "[service]") {
  struct row {
    init_system system;
    std::string tool;
    std::string call;
  };
  auto const [system, tool, call] =
      GENERATE(row{init_system::systemd, "systemctl", "systemctl start ci.service\n"},
               row{init_system::upstart, "initctl", "initctl start ci\n"},
               row{init_system::openrc, "rc-service", "rc-service ci start\n"},
               row{init_system::sysv, "service", "service ci start\n"});
  bench b(system);
  auto const missing = b.loop.run(b.control().start("ci", false));
  CHECK(missing == "exec: \"" + tool + "\": executable file not found in $PATH");
  b.at.add_tool(tool);
  CHECK(b.loop.run(b.control().start("ci", false)) == std::nullopt);
  CHECK(b.at.calls() == call);
  b.at.add_tool(tool, "no such unit", 5);
  auto const failed = b.loop.run(b.control().stop("ci", false));
  REQUIRE(failed);
  CHECK(failed->find("failed with exit status 5: no such unit") != std::string::npos);
}

TEST_CASE("what systemd says of a service is put into the words of the command", "[service]") {
  struct row {
    std::string says;
    kind is;
  };
  auto const [says, is] = GENERATE(row{"active", kind::running}, row{"activating", kind::running},
                                   row{"inactive", kind::stopped}, row{"failed", kind::failed},
                                   row{"nonsense", kind::unknown});
  bench b(init_system::systemd);
  b.at.add_tool("systemctl", says, says == "active" ? 0 : 3);
  CHECK(b.state().what == kind::not_installed);
  b.at.add_file("etc/systemd/system/ci.service");
  CHECK(b.state().what == is);
  CHECK(b.at.calls().starts_with("systemctl is-active ci.service\n"));
}

TEST_CASE("the exit code of a script tells whether its service runs", "[service]") {
  struct row {
    int code;
    kind is;
  };
  auto const [code, is] = GENERATE(row{0, kind::running}, row{1, kind::stopped},
                                   row{3, kind::stopped}, row{4, kind::unknown});
  bench b(GENERATE(init_system::sysv, init_system::openrc));
  b.at.add_tool("service", "", code);
  b.at.add_tool("rc-service", "", code);
  b.at.add_file("etc/init.d/ci");
  CHECK(b.state().what == is);
}

TEST_CASE("Upstart tells by its word", "[service]") {
  bench b(init_system::upstart);
  b.at.add_file("etc/init/ci.conf");
  b.at.add_tool("initctl", "ci start/running, process 12");
  CHECK(b.state().what == kind::running);
  b.at.add_tool("initctl", "ci stop/waiting");
  CHECK(b.state().what == kind::stopped);
}

TEST_CASE("a machine without an init system says so, whatever is asked", "[service]") {
  bench b(init_system::none);
  CHECK(b.install()->starts_with("not supported"));
  CHECK(b.uninstall()->starts_with("not supported"));
  CHECK(b.state().text.starts_with("not supported"));
}

}  // namespace corunner
