// Whole jobs with real shells and a real repository.

#include "exec/process/posix_launcher.hpp"
#include "exec/shell/shell_executor.hpp"
#include "net/blocking_pool.hpp"
#include "runner/job/job_run.hpp"
#include "runner/trace/job_trace.hpp"
#include "test/runner/job/job_bench.hpp"
#include "test/support/find_program.hpp"
#include "test/support/set_variable.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace corunner;
namespace fs = std::filesystem;

namespace {

constexpr char const* make_repository = R"(
  export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com GIT_CONFIG_NOSYSTEM=1
  export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
  mkdir -p "$1/origin" && cd "$1/origin" && git init -q -b main && echo content > file && git add file &&
  git commit -q -m first && git rev-parse HEAD > ../sha
)";

// A directory of its own, removed at the end.
struct scratch {
  fs::path path;
  scratch() {
    std::string name = (fs::temp_directory_path() / "corunner-job-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~scratch() { fs::remove_all(path); }
};

std::string text_of(fs::path const& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Counts what it starts.
struct counting_launcher final : exec::process_launcher {
  counting_launcher(asio::any_io_executor executor, net::time_source& time)
      : real(executor, time) {}
  result<std::unique_ptr<exec::process>> launch(exec::process_options const& how) override {
    ++started;
    return real.launch(how);
  }
  awaitable<std::size_t> end_strays(std::string mark) override {
    return real.end_strays(std::move(mark));
  }
  exec::posix_launcher real;
  int started = 0;
};

// Runs one job with the shell executor, in time that really passes.
struct real_bench {
  net::blocking_pool pool{1};
  asio::io_context io;
  net::real_time time;
  counting_launcher launcher{io.get_executor(), time};
  scratch here;
  test::set_variable home{"HOME",
                          here.path.string()};  // without a profile of whoever runs the test
  gitlab::job_payload payload = test::plain_payload();
  config::runner_entry runner = test::plain_runner();
  std::string stored;

  real_bench() {
    runner.builds_dir = (here.path / "builds").string();
    runner.cache_dir = (here.path / "cache").string();
  }

  // Runs a script of ours, not a job's.
  void shell(char const* script) {
    exec::process_options how;
    how.arguments = {"sh", "-c", script, "sh", here.path.string()};
    struct discard final : exec::output_sink {
      awaitable<void> write(exec::channel, std::string_view) override { co_return; }
    } nowhere;
    auto const ran = complete(exec::run_process(launcher, time, how, nowhere));
    REQUIRE(ran.status.ok());
  }

  void fetch_from_repository() {
    shell(make_repository);
    payload.variables.back().value = "fetch";
    payload.git_info.repo_url = "file://localhost" + (here.path / "origin").string();
    payload.git_info.refspecs = {"+refs/heads/main:refs/remotes/origin/main"};
    payload.git_info.sha = text_of(here.path / "sha").substr(0, 40);
  }

  // As `git config --get-regexp` shows it.
  std::string remote_url() const { return "remote.origin.url " + payload.git_info.repo_url + "\n"; }

  job_outcome run(std::vector<std::string> lines) {
    gitlab::job_step step;
    step.name = "script";
    step.script = std::move(lines);
    payload.steps = {step};
    job_input input;
    input.payload = std::make_shared<gitlab::job_payload const>(payload);
    input.runner = std::make_shared<config::runner_entry const>(runner);
    input.identity = {"corunner", "1.2.3", "abcdef12", "/usr/bin/corunner", "s_0123456789ab"};
    input.working_directory = here.path;
    auto options = trace_options_of(input);
    options.timestamps = false;
    job_trace trace(io.get_executor(), time, std::make_unique<test::memory_spool>(stored),
                    std::move(options));
    job_services services{.time = time,
                          .trace = trace,
                          .make_executor =
                              [this](auto const&) {
                                return std::make_unique<exec::shell_executor>(launcher, time);
                              },
                          .pool = &pool};
    job_run job(io.get_executor(), input, std::move(services));
    return complete(job.run());
  }

  template <class T>
  T complete(awaitable<T> work) {
    std::optional<T> value;
    std::exception_ptr failure;
    bool ended = false;
    asio::co_spawn(io, std::move(work), [&](std::exception_ptr why, T got) {
      failure = why;
      value = std::move(got);
      ended = true;
    });
    io.restart();
    while (!ended && io.run_one() > 0) {
    }
    if (failure) std::rethrow_exception(failure);
    return std::move(*value);
  }

  fs::path project() const { return here.path / "builds/bench0tok/0/group/project"; }
};

}  // namespace

TEST_CASE("a real job runs its commands in one shell and gives back their status", "[job][real]") {
  real_bench b;
  auto const outcome = b.run({"cd /; V=shell", "echo \"from $V\"", "(exit 7)", "echo never"});
  INFO(b.stored);
  CHECK(outcome.exit_code == 7);
  CHECK(b.stored.find("\nfrom shell\n") != std::string::npos);
  CHECK(b.stored.find("\nnever\n") == std::string::npos);
}

TEST_CASE("a real job leaves no temporary files behind", "[job][real]") {
  real_bench b;
  b.payload.variables.push_back({.key = "F", .value = "secret file", .file = true});
  CHECK(b.run({"cat \"$F\"; echo; echo k=v >> \"$GITLAB_ENV\""}).ok());
  INFO(b.stored);
  CHECK(b.stored.find("secret file\n") != std::string::npos);
  CHECK(fs::is_empty(b.project().string() + ".tmp"));
}

TEST_CASE("a real job checks out its commit, twice in one directory", "[job][real]") {
  real_bench b;
  b.fetch_from_repository();
  auto const trace = b.here.path / "git-trace";
  b.payload.variables.push_back({.key = "GIT_TRACE", .value = trace.string()});
  for (int number = 0; number < 2; ++number) {
    b.stored.clear();
    fs::remove(trace);
    auto const outcome =
        b.run({"cat file", "touch left-behind", "GIT_TRACE= git config --get-regexp '^remote[.]'"});
    INFO(b.stored);
    CHECK(outcome.ok());
    CHECK(b.stored.find("\n" + b.remote_url() +
                        "remote.origin.fetch +refs/heads/*:refs/remotes/origin/*\n") !=
          std::string::npos);
    CHECK(b.stored.find("\ncontent\n") != std::string::npos);
    bool const fresh = b.stored.find("Created fresh repository.") != std::string::npos;
    CHECK(fresh == (number == 0));
    bool const cleaned = b.stored.find("Removing left-behind") != std::string::npos;
    CHECK(cleaned == (number == 1));
    // What the shell can write, and what is right already, is not left to git.
    auto const commands = text_of(trace);
    CHECK(commands.find("git checkout") != std::string::npos);
    CHECK(commands.find("git remote") == std::string::npos);
    CHECK(commands.find("git config") == std::string::npos);
  }
}

TEST_CASE("a remote and a repository of the user's own are set right by git", "[job][real]") {
  real_bench b;
  b.fetch_from_repository();
  std::string const hooks[] = {
      "git config --file \"$RUNNER_TEMP_PROJECT_DIR/git-template/config\" remote.origin.url /else",
      "git init -q --separate-git-dir \"$HOME/elsewhere\" \"$CI_PROJECT_DIR\"",
      "git init -q \"$CI_PROJECT_DIR\" && git -C \"$CI_PROJECT_DIR\" remote add origin /else",
  };
  auto const& hook = hooks[GENERATE(0, 1, 2)];
  b.runner.pre_get_sources_script = hook;
  INFO(hook);
  CHECK(b.run({"cat file", "git config --get-regexp '^remote[.]origin[.]url'"}).ok());
  INFO(b.stored);
  CHECK(b.stored.find("\ncontent\n") != std::string::npos);
  CHECK(b.stored.find("\n" + b.remote_url()) != std::string::npos);
  CHECK(b.stored.find("\nremote.origin.url /else\n") == std::string::npos);
}

TEST_CASE("files of Git LFS are there where the machine has it", "[job][real]") {
  auto const program = test::find_program("git-lfs");
  REQUIRE_FALSE(program.empty());  // tools/setup check
  real_bench b;
  std::ofstream(b.here.path / ".profile")
      << "PATH=" << program.parent_path().string() << ":$PATH\n";
  b.fetch_from_repository();
  b.shell(R"(
    . "$HOME/.profile"; exec > "$1/lfs.log"; cd "$1/origin" && git lfs install --skip-repo && git lfs track '*.bin' &&
    echo "large content" > a.bin && git add -A && git -c user.name=a -c user.email=a@b commit -q -m large &&
    git rev-parse HEAD > ../sha)");
  REQUIRE(fs::exists(b.here.path / "origin/.git/lfs/objects"));
  b.payload.git_info.sha = text_of(b.here.path / "sha").substr(0, 40);
  bool const skipped = GENERATE(false, true);
  if (skipped) b.payload.variables.push_back({.key = "GIT_LFS_SKIP_SMUDGE", .value = "1"});
  CHECK(b.run({"cat a.bin"}).ok());
  INFO(b.stored);
  bool const content = b.stored.find("\nlarge content\n") != std::string::npos;
  bool const pointer = b.stored.find("\nversion https://git-lfs") != std::string::npos;
  CHECK(content != skipped);
  CHECK(pointer == skipped);
}

TEST_CASE("what git left behind is cleaned up without a shell", "[job][real]") {
  real_bench b;
  b.fetch_from_repository();
  b.launcher.started = 0;
  CHECK(b.run({"touch .git/index.lock; mkdir .git/refs/heads/a; touch .git/refs/heads/a/b.lock"})
            .ok());
  INFO(b.stored);
  CHECK(b.launcher.started == 3);  // prepare_script, get_sources, the script
  CHECK_FALSE(fs::exists(b.project() / ".git/index.lock"));
  CHECK_FALSE(fs::exists(b.project() / ".git/refs/heads/a/b.lock"));
  CHECK_FALSE(fs::exists(b.project().string() + ".tmp/.gitlab-runner.ext.conf"));
}

TEST_CASE("what takes more than that is cleaned up by the script", "[job][real]") {
  real_bench b;
  b.fetch_from_repository();
  SECTION("a job that changed the environment") {
    CHECK(b.run({"echo HOME=/else/where >> \"$GITLAB_ENV\"; touch .git/index.lock"}).ok());
  }
  SECTION("a lock that is no file") {
    CHECK(b.run({"mkdir -p .git/config.lock/x; touch .git/index.lock"}).ok());
  }
  SECTION("submodules") {
    b.payload.variables.push_back({.key = "GIT_SUBMODULE_STRATEGY", .value = "normal"});
    CHECK(b.run({"mkdir -p .git/modules/x; touch .git/modules/x/index.lock .git/index.lock"}).ok());
    CHECK_FALSE(fs::exists(b.project() / ".git/modules/x/index.lock"));
  }
  INFO(b.stored);
  CHECK_FALSE(fs::exists(b.project() / ".git/index.lock"));
}
