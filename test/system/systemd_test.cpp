// `install`, `start` and the others with a real systemd as the first process of a machine.

#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/systemd_machine.hpp"

#include <unistd.h>

#include <filesystem>
#include <string>

namespace corunner::test {

namespace {

namespace fs = std::filesystem;

std::string const helpers = R"sh(
main_process() { systemctl show -P MainPID gitlab-runner; }
drop_in() {
  mkdir -p /etc/systemd/system/gitlab-runner.service.d
  printf '[Service]\n%s\n' "$1" >/etc/systemd/system/gitlab-runner.service.d/mine.conf
  systemctl daemon-reload
}
)sh";

// After it $PROGRAM and systemctl are those of user `ci`.
std::string const as_ci = R"sh(
cat >as-ci <<'EOF'
#!/bin/sh
exec setpriv --reuid 1000 --regid 1000 --clear-groups env HOME=/home/ci XDG_RUNTIME_DIR=/run/ci "$@"
EOF
cat >program-as-ci <<'EOF'
#!/bin/sh
exec "$HERE/as-ci" /opt/corunner/corunner "$@"
EOF
chmod +x as-ci program-as-ci
systemctl() { "$HERE/as-ci" systemctl --user "$@"; }
PROGRAM=$HERE/program-as-ci
cd of-ci
)sh";

// A coordinator with one job, and a configuration file for a service that runs it as user `ci`.
struct service_world {
  explicit service_world(std::string const& script)
      : gitlab(w,
               {"--repo", w.make_repository("repo", "job: {script: ['" + script + "']}\n").string(),
                "--variable", "HERE=" + w.path("").string()}) {
    fs::permissions(w.path(""), fs::perms::others_read | fs::perms::others_exec,
                    fs::perm_options::add);
    for (auto const* name : {"builds", "cache", "of-ci"}) {
      fs::create_directories(w.path(name));
      REQUIRE(::chown(w.path(name).c_str(), 1000, 1000) == 0);
    }
    w.configure({.url = gitlab.url(), .token = gitlab.runner_token()});
  }
  bool job_becomes(std::string_view status) {
    return w.loop.run_until([&] { return gitlab.job("job").status == status; });
  }

  world w;
  gitlab_program gitlab;
};

}  // namespace

TEST_CASE(
    "a service is installed, runs jobs, and is restarted, stopped and uninstalled under systemd",
    "[system][service][systemd]") {
  if (::geteuid() != 0) SKIP("only root has services and namespaces");
  service_world at("id -un > $HERE/of-ci/done");
  systemd_machine machine(at.w);
  machine.run(helpers + R"sh(
expect 1 "gitlab-runner: the service is not installed" status --config other.toml
expect 1 "Failed to start gitlab-runner: " start
expect 1 "Failed to stop gitlab-runner: " stop
expect 1 "Failed to uninstall gitlab-runner: the service is not installed" uninstall
expect 1 "Please specify user that will run gitlab-runner service" install
expect 0 "" install --user ci --config config.toml --working-directory /home/ci
expect 1 "Init already exists: /etc/systemd/system/gitlab-runner.service" install --user ci --config config.toml
grep -q '^ExecStart=/opt/corunner/corunner "run" "--config" "'"$HERE"'/*config.toml" "--working-directory" "/home/ci" "--service" "gitlab-runner" "--user" "ci"$' /etc/systemd/system/gitlab-runner.service
[ "$(systemctl is-enabled gitlab-runner)" = enabled ]
[ "$(systemctl show -P NeedDaemonReload gitlab-runner)" = no ]
expect 1 "gitlab-runner: Service has stopped" status --config other.toml

expect 0 "" start
[ "$(systemctl is-active gitlab-runner)" = active ] # it has said that it is ready
systemctl show -P StatusText gitlab-runner | grep -q .
first=$(main_process)
expect 0 "" start
[ "$(main_process)" = "$first" ]
expect 0 "gitlab-runner: Service is running" status --config other.toml
expect 0 "gitlab-runner: Service is running" status --config config.toml
[ "$(readlink "/proc/$first/cwd")" = /home/ci ]
while [ ! -s of-ci/done ]; do sleep 0.1; done
[ "$(cat of-ci/done)" = ci ]
)sh");
  CHECK(at.job_becomes("success"));

  machine.run(helpers + R"sh(
first=$(main_process)
expect 0 "" restart
second=$(main_process)
[ "$second" != "$first" ]
[ "$second" != 0 ]
[ ! -e "/proc/$first" ]

[ "$(systemctl show -P Restart,RestartUSec gitlab-runner | tr '\n' ' ')" = "always 2min " ]
kill -KILL "$second"
while [ "$(systemctl show -P SubState gitlab-runner)" != auto-restart ]; do sleep 0.1; done
expect 0 "gitlab-runner: Service is running" status --config other.toml # it will, in two minutes
drop_in RestartSec=100ms
expect 0 "" restart
second=$(main_process)
kill -KILL "$second"
while [ "$(main_process)" = "$second" ] || [ "$(main_process)" = 0 ]; do sleep 0.1; done
rm -r /etc/systemd/system/gitlab-runner.service.d

expect 0 "" stop
expect 1 "gitlab-runner: Service has stopped" status --config other.toml
expect 0 "" stop
expect 0 "" uninstall
[ ! -e /etc/systemd/system/gitlab-runner.service ]
fails systemctl is-enabled gitlab-runner
expect 1 "gitlab-runner: the service is not installed" status --config other.toml
)sh");
}

TEST_CASE("systemd's stop ends the jobs of a service and all of their processes",
          "[system][service][systemd]") {
  if (::geteuid() != 0) SKIP("only root has services and namespaces");
  service_world at("touch $HERE/of-ci/begun; (setsid env -i sleep " + world::nap() +
                   " > /dev/null 2>&1 &); sleep " + world::nap());
  systemd_machine machine(at.w);
  machine.run(helpers + R"sh(
expect 0 "" install --user ci --config config.toml
expect 0 "" start
while [ ! -e of-ci/begun ]; do sleep 0.1; done
# Each job has a control group of its own below that of the service.
for process in $(pgrep -x sleep); do grep -q '/gitlab-runner.service/.*corunner-1-' "/proc/$process/cgroup"; done
expect 0 "" stop
expect 1 "gitlab-runner: Service has stopped" status --config other.toml
fails pgrep -x sleep
)sh");
  CHECK(at.job_becomes("failed"));
  CHECK(at.gitlab.job("job").failure_reason == "runner_interrupted");
}

TEST_CASE("with SIGQUIT as its signal systemd's stop waits for the jobs",
          "[system][service][systemd]") {
  if (::geteuid() != 0) SKIP("only root has services and namespaces");
  service_world at("touch $HERE/of-ci/begun; while [ ! -e $HERE/go-on ]; do sleep 0.1; done");
  systemd_machine machine(at.w);
  machine.run(helpers + R"sh(
expect 0 "" install --user ci --config config.toml
drop_in KillSignal=SIGQUIT
expect 0 "" start
while [ ! -e of-ci/begun ]; do sleep 0.1; done
"$PROGRAM" stop & stop=$!
until [ "$(systemctl is-active gitlab-runner)" = deactivating ]; do sleep 0.1; done
expect 1 "gitlab-runner: Service has stopped" status --config other.toml
touch go-on
wait $stop
[ "$(systemctl is-active gitlab-runner)" = inactive ]
)sh");
  CHECK(at.job_becomes("success"));
}

TEST_CASE("a service that cannot start says so, and is in failed state when it gives up",
          "[system][service][systemd]") {
  if (::geteuid() != 0) SKIP("only root has services and namespaces");
  world w;
  systemd_machine machine(w);
  machine.run(helpers + R"sh(
expect 0 "" install --user ci --config config.toml
echo 'concurrent = [' >config.toml
expect 1 "Failed to start gitlab-runner: \"systemctl start gitlab-runner.service\" failed with exit status 1: Job for gitlab-runner.service failed" start
until journalctl --unit gitlab-runner | grep -q 'decoding configuration file: toml: line 1'; do sleep 0.1; done
expect 0 "gitlab-runner: Service is running" status # it will try again, in two minutes
expect 0 "" stop
expect 1 "gitlab-runner: Service has stopped" status
drop_in Restart=no
expect 1 "Failed to start gitlab-runner: " start
expect 1 "gitlab-runner: service in failed state" status
)sh");
}

TEST_CASE("a person has a service of their own under systemd", "[system][service][systemd]") {
  if (::geteuid() != 0) SKIP("only root has services and namespaces");
  service_world at("id -un > $HERE/of-ci/done");
  systemd_machine machine(at.w);
  machine.run(R"sh(
systemctl start manager-of-ci
install -D --owner=ci --mode=600 config.toml /home/ci/.gitlab-runner/config.toml
chown ci /home/ci/.gitlab-runner
)sh");
  machine.run(as_ci + R"sh(
expect 1 "gitlab-runner: the service is not installed" status --user-service -c other.toml
expect 0 "" install --user-service
[ -e "/home/ci/.config/systemd/user/gitlab-runner.service" ]
[ "$(systemctl is-enabled gitlab-runner)" = enabled ]
expect 1 "gitlab-runner: Service has stopped" status --user-service
expect 0 "" start --user-service
first=$(systemctl show -P MainPID gitlab-runner)
[ "$(readlink "/proc/$first/cwd")" -ef . ]
expect 0 "gitlab-runner: Service is running" status --user-service
while [ ! -s done ]; do sleep 0.1; done
[ "$(cat done)" = ci ]
)sh");
  CHECK(at.job_becomes("success"));

  machine.run(as_ci + R"sh(
first=$(systemctl show -P MainPID gitlab-runner)
expect 0 "" restart --user-service
[ "$(systemctl show -P MainPID gitlab-runner)" != "$first" ]
expect 0 "" stop --user-service
expect 1 "gitlab-runner: Service has stopped" status --user-service
expect 0 "" uninstall --user-service
[ ! -e "/home/ci/.config/systemd/user/gitlab-runner.service" ]
expect 1 "gitlab-runner: the service is not installed" status --user-service
)sh");
}

}  // namespace corunner::test
