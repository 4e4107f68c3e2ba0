#include "runner/service/service_host.hpp"
#include "test/runner/service/machine.hpp"

#include <catch2/catch_test_macros.hpp>

namespace corunner {
namespace {

TEST_CASE("the init system is told by what it leaves on the machine, systemd first", "[service]") {
  test::machine at;
  CHECK(init_system_of(at.host()) == init_system::none);
  at.add_directory("etc/init.d");
  CHECK(init_system_of(at.host()) == init_system::sysv);
  at.add_file("etc/rc.d/init.d/functions");
  CHECK(init_system_of(at.host()) == init_system::sysv_redhat);
  at.add_file("lib/lsb/init-functions");
  CHECK(init_system_of(at.host()) == init_system::sysv_redhat);
  at.add_file("sbin/start-stop-daemon");
  CHECK(init_system_of(at.host()) == init_system::sysv_debian);
  at.add_tool("openrc-run");
  CHECK(init_system_of(at.host()) == init_system::openrc);
  at.add_directory("etc/init");
  CHECK(init_system_of(at.host()) == init_system::openrc);
  at.add_tool("initctl");
  CHECK(init_system_of(at.host()) == init_system::upstart);
  at.add_tool("systemctl");
  CHECK(init_system_of(at.host()) == init_system::upstart);  // of a machine that it did not start
  at.add_file("proc/1/comm", "systemd\n");
  CHECK(init_system_of(at.host()) == init_system::systemd);
}

TEST_CASE("a running systemd is known by its directory", "[service]") {
  test::machine at;
  at.add_directory("run/systemd/system");
  CHECK(init_system_of(at.host()) == init_system::systemd);
}

TEST_CASE("a tool is an executable file in the search path", "[service]") {
  test::machine at;
  auto host = at.host();
  CHECK_FALSE(host.tool("initctl"));
  at.add_directory("bin/service");
  CHECK_FALSE(host.tool("service"));
  at.add_tool("initctl");
  host.search_path = "/no/such::" + host.search_path;
  CHECK(host.tool("initctl") == at.root() / "bin/initctl");
  host.search_path.clear();
  CHECK_FALSE(host.tool("initctl"));
}

}  // namespace
}  // namespace corunner
