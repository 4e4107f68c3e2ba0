#include "runner/service/service_file.hpp"
#include "test/runner/service/machine.hpp"
#include "test/support/golden.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

namespace corunner {
namespace {

service_definition plain() {
  return {.name = "gitlab-runner",
          .program = "/usr/bin/corunner",
          .arguments = {"run", "--config", "/etc/gitlab-runner/config.toml", "--working-directory",
                        "/home/ci", "--service", "gitlab-runner"},
          .user = "",
          .of_user = false};
}

// What nobody should have in a path, and everything that one of the formats takes for its own.
service_definition awkward() {
  auto what = plain();
  what.arguments = {"run", "--config", "/srv/my $HOME `id` \"100%\" it's \\ c.toml"};
  what.user = "ci";
  return what;
}

struct format {
  init_system system;
  char const* name;
};

format any_format() {
  return GENERATE(
      format{init_system::systemd, "systemd"}, format{init_system::upstart, "upstart"},
      format{init_system::openrc, "openrc"}, format{init_system::sysv_debian, "sysv_debian"},
      format{init_system::sysv_redhat, "sysv_redhat"}, format{init_system::sysv, "sysv"});
}

}  // namespace

TEST_CASE("the file of each init system is as reviewed", "[service]") {
  auto const [system, name] = any_format();
  test::check_golden(std::string("service/") + name, service_file_text(system, plain()));
}

TEST_CASE("the file of each init system for an account of its own is as reviewed", "[service]") {
  auto const [system, name] = any_format();
  test::check_golden(std::string("service/") + name + "_awkward",
                     service_file_text(system, awkward()));
}

TEST_CASE("each init system has its place for the file", "[service]") {
  service_host const host{.root = "/m", .search_path = "", .home = "/home/me"};
  auto const path = [&](init_system system, bool of_user = false) {
    return service_file_path(system, "x", of_user, host);
  };
  CHECK(path(init_system::systemd) == "/m/etc/systemd/system/x.service");
  CHECK(path(init_system::systemd, true) == "/home/me/.config/systemd/user/x.service");
  CHECK(path(init_system::upstart) == "/m/etc/init/x.conf");
  CHECK(path(init_system::openrc) == "/m/etc/init.d/x");
  CHECK(path(init_system::sysv) == "/m/etc/init.d/x");
  CHECK(path(init_system::none).empty());
}

TEST_CASE("systemd finds nothing wrong with its unit", "[service]") {
  test::scratch_directory dir;
  auto what = GENERATE(plain(), awkward());
  what.program = "/bin/true";
  if (!what.user.empty()) what.user = "daemon";  // who is on every machine
  dir.write("corunner-test.service", service_file_text(init_system::systemd, what));
  auto const ran =
      test::run_shell({"sh", "-s"}, "systemd-analyze verify --man=no --recursive-errors=no '" +
                                        dir / "corunner-test.service" + "'");
  INFO(ran.out << ran.err);
  CHECK(ran.status.ok());
  CHECK((ran.out + ran.err).find("corunner-test.service") == std::string::npos);
}

TEST_CASE("shells can read the scripts", "[service]") {
  auto const system = GENERATE(init_system::openrc, init_system::sysv_debian,
                               init_system::sysv_redhat, init_system::sysv);
  test::scratch_directory dir;
  dir.write("script", service_file_text(system, awkward()));
  for (auto const* shell : {"dash", "bash"}) {
    auto const ran =
        test::run_shell({shell, "-s"}, std::string(shell) + " -n '" + dir / "script" + "'");
    CHECK(ran.status.ok());
    CHECK(ran.err.empty());
  }
}

}  // namespace corunner
