// `run --user`: scripts run as somebody else, by su.

#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/proc.hpp"

#include <fmt/format.h>

#include <pwd.h>
#include <unistd.h>

#include <filesystem>
#include <optional>

namespace corunner::test {

namespace {

namespace fs = std::filesystem;

// A user of this machine for one test.
class throw_away_user {
 public:
  explicit throw_away_user(world& in)
      : world_(in),
        name(fmt::format("corunner-test-{}", ::getpid() % 100'000)),
        home(in.path("their-home")) {
    world_.run("useradd",
               {"--no-create-home", "--home-dir", home.string(), "--shell", "/bin/sh", name});
    auto const* const entry = ::getpwnam(name.c_str());
    REQUIRE(entry != nullptr);
    uid_ = entry->pw_uid;
    gid_ = entry->pw_gid;
    give(home);
  }
  ~throw_away_user() { world_.try_run("userdel", {name}); }
  throw_away_user(throw_away_user const&) = delete;
  throw_away_user& operator=(throw_away_user const&) = delete;

  // Makes a directory that is theirs.
  void give(fs::path const& directory) const {
    fs::create_directories(directory);
    REQUIRE(::chown(directory.c_str(), uid_, gid_) == 0);
  }

 private:
  world& world_;

 public:
  std::string const name;
  fs::path const home;

 private:
  uid_t uid_ = 0;
  gid_t gid_ = 0;
};

}  // namespace

TEST_CASE("with --user a job runs as that user in a login shell, and leaves nothing either",
          "[system][user]") {
  if (::geteuid() != 0) SKIP("only root can run jobs as another user");
  world w;
  if (w.try_run("sh", {"-c", "command -v su useradd userdel"}).code != 0) {
    SKIP("su, useradd or userdel is not installed");
  }
  auto const repo = w.make_repository("repo", R"yml(
job:
  script:
    - echo "I am $(id -un), at home in $HOME"
    - echo "my profile said $FROM_PROFILE"
    - shopt -q login_shell && echo "a login shell of $BASH"
    - tr '\0' ' ' < "/proc/$PPID/cmdline"; echo
    - touch made && stat -c 'made by %U' made .gitlab-ci.yml
    - (env -i PATH="$PATH" setsid sh -c 'trap "" TERM; while :; do sleep "$1"; done' x "$NAP" > /dev/null 2>&1 &)
    - echo "it is over"
)yml");
  fs::permissions(w.path(""), fs::perms::others_read | fs::perms::others_exec,
                  fs::perm_options::add);
  throw_away_user const user(w);
  write_file(user.home / ".bash_profile", "export FROM_PROFILE=hello\n");
  user.give(w.path("builds"));
  user.give(w.path("cache"));

  gitlab_program gitlab(w, {"--repo", repo.string(), "--variable", "NAP=" + world::nap()});
  auto const config = w.configure({.url = gitlab.url(), .token = gitlab.runner_token()});
  auto once = w.start_run(config, {"--once", "--user", user.name});
  CHECK(once.wait() == 0);
  auto const log = once.out();
  CHECK(log.find(fmt::format("\nI am {}, at home in {}\n", user.name, user.home.string())) !=
        std::string::npos);
  CHECK(log.find("\nmy profile said hello\n") != std::string::npos);
  CHECK(log.find("\na login shell of /") != std::string::npos);
  CHECK(log.find(fmt::format("su -s /bin/bash {} -c bash -l", user.name)) != std::string::npos);
  CHECK(count_of("made by " + user.name, log) == 2);
  INFO(log << once.err());
  CHECK(processes_with(" x " + world::nap()).empty());
  CHECK(processes_with("sleep " + world::nap()).empty());
  CHECK(files_with(w.path("builds"), "gitlab-ci-token").empty());
}

}  // namespace corunner::test
