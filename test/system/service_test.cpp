// `install`, `start` and the others with the tools of a real System V init, on a machine of the
// test's own: namespaces in which /etc and /run are ours.

#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/service_script.hpp"

#include <unistd.h>

namespace corunner::test {

namespace {

// Everything below runs there; $PROGRAM is the program, $HERE the directory of the test.
constexpr char const* own_machine = R"sh(
mkdir -p "$HERE/m"
mount -t tmpfs none "$HERE/m"
mkdir "$HERE/m/upper" "$HERE/m/work"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$HERE/m/upper,workdir=$HERE/m/work" /etc
mount -t tmpfs none /run
sed -i "s|^root:\(.*\):/root:|root:\1:$HERE/home:|" /etc/passwd # no profile but the test's
)sh";

struct machine {
  // Runs the script as its first process; what it printed.
  std::string run(std::string const& script) {
    write_file(w.path("script"), service_script() + own_machine + script);
    auto const program = w.program({}).program;
    auto const ran =
        w.try_run("unshare", {"--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "env",
                              "PROGRAM=" + program.string(), "HERE=" + w.path("").string(),
                              "STATE_DIRECTORY=" + w.path("state").string(),
                              "HOME=" + w.path("home").string(), "sh", w.path("script").string()});
    INFO(ran.out << ran.err);
    CHECK(ran.code == 0);
    return ran.out;
  }

  world w;
};

}  // namespace

TEST_CASE("a service is installed, runs jobs, and is stopped and uninstalled under System V",
          "[system][service]") {
  if (::geteuid() != 0) SKIP("only root has services and namespaces");
  machine at;
  gitlab_program gitlab(
      at.w, {"--repo", at.w.make_repository("repo", "job: {script: ['touch $DONE']}\n").string(),
             "--variable", "DONE=" + at.w.path("job-done").string()});
  auto const file = at.w.configure({.url = gitlab.url(), .token = gitlab.runner_token()});
  auto const out = at.run(R"sh(
expect 1 "my-runner: the service is not installed" status --service my-runner --config other.toml
expect 1 "Please specify user that will run my-runner service" install --service my-runner
expect 1 "Only one of 'user' or 'init-user' can be specified." install -n my-runner -u root -i root
expect 1 "there is no user 'nobody-at-all'" install -n my-runner --user nobody-at-all
expect 0 "" install --service my-runner --user root --config config.toml --working-directory "$HERE"
expect 1 "Init already exists: /etc/init.d/my-runner" install -n my-runner --user root --config config.toml
[ -L /etc/rc3.d/S50my-runner ]
expect 1 "my-runner: Service has stopped" status --service my-runner --config other.toml
expect 0 "" start --service my-runner
expect 0 "" start --service my-runner # it does already
expect 0 "my-runner: Service is running" status --service my-runner --config other.toml
first=$(cat /run/my-runner.pid)
while [ ! -e job-done ]; do sleep 0.1; done
expect 0 "of 1 jobs" status --service my-runner --config config.toml
expect 0 "" restart --service my-runner
[ "$first" != "$(cat /run/my-runner.pid)" ]
expect 0 "" stop --service my-runner
expect 1 "my-runner: Service has stopped" status --service my-runner --config other.toml
fails kill -0 "$first"
expect 0 "" uninstall --service my-runner
[ ! -e /etc/init.d/my-runner ]
[ ! -e /etc/rc3.d/S50my-runner ]
expect 1 "Failed to uninstall my-runner: the service is not installed" uninstall --service my-runner
echo done
)sh");
  CHECK(out.ends_with("done\n"));
  CHECK(at.w.loop.run_until([&] { return gitlab.job("job").status == "success"; }));
}

TEST_CASE("install makes the configuration file that is missing, and refuses one that is broken",
          "[system][service]") {
  if (::geteuid() != 0) SKIP("only root has services and namespaces");
  machine at;
  write_file(at.w.path("broken.toml"), "concurrent = [\n");
  at.run(R"sh(
expect 0 "" install --user root --config new/config.toml
[ "$(stat -c %a new/config.toml)" = 600 ]
grep -q '^concurrent = 1$' new/config.toml
expect 0 "" uninstall
expect 1 "decoding configuration file: toml: line 1" install --user root --config broken.toml
[ ! -e /etc/init.d/gitlab-runner ]
mkdir account; useradd --no-create-home --home-dir "$HERE/account" service-test; chown service-test account
expect 0 "" install --init-user service-test
[ "$(stat -c %U:%a account/config.toml)" = service-test:600 ]
grep -q '^account=service-test$' /etc/init.d/gitlab-runner
)sh");
}

}  // namespace corunner::test
