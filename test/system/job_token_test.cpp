// The token of a job: what it is good for, and where it must not be seen.

#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/http_peer.hpp"
#include "test/system/support/proc.hpp"

#include <boost/json/parse.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <unistd.h>


namespace corunner::test {

namespace {

// A job that runs until it is let go, its runner's requests seen on the way.
struct running_job : world {
  explicit running_job(std::string const& variables = "") {
    auto const repo = make_repository("repo", "variables: {" + variables + R"yml(}
job:
  script:
    - cat .git/config
    - git remote -v
    - env | sort
    - echo "it runs"
    - while [ ! -e "$GO" ]; do sleep 0.05; done
    - echo made > made.txt
  artifacts: {paths: [made.txt]}
)yml");
    gitlab.emplace(*this, std::vector<std::string>{"--repo", repo.string(), "--advertise-url",
                                                   between.url(), "--variable",
                                                   "GO=" + path("go").string()});
    between.lead_to(gitlab->address());
    between.disturb = [this](gateway::passed const& one) {
      // While git and the uploader talk to us they run: who lists processes now sees their
      // arguments.
      bool const is_upload = one.target.find("/artifacts") != std::string::npos;
      if (is_upload || one.target.find(".git/") != std::string::npos) note_titles();
      return gateway::disturbance{};
    };
    auto const config = configure({.url = between.url(), .token = gitlab->runner_token()});
    once.emplace(loop,
                 program({"--log-level", "debug", "run", "--config", config.string(), "--once"}));
    once->wait_for_output("\nit runs\n");
    note_titles();
  }

  void note_titles() {
    for (int const pid : descendants_of(::getpid())) titles += title_of(pid) + '\n';
  }

  // As GitLab gave it to the runner.
  std::string token() const {
    for (auto const& one : between.seen()) {
      if (one.target.ends_with("/jobs/request") && one.status == 201) {
        return std::string(boost::json::parse(one.response_body).at("token").as_string());
      }
    }
    FAIL("no job was given out");
    return {};
  }

  std::string url_with_token() const {
    auto url = gitlab->url() + "/local/repo.git";
    return url.insert(url.find("//") + 2, "gitlab-ci-token:" + token() + "@");
  }

  gateway between{loop};
  std::optional<gitlab_program> gitlab;
  std::optional<child> once;
  std::string titles;
};

std::optional<std::string> line_with(std::string const& lines, std::string const& text) {
  auto const at = lines.find(text);
  if (at == std::string::npos) return std::nullopt;
  auto const begin = lines.rfind('\n', at) + 1;
  return lines.substr(begin, lines.find('\n', at) - begin);
}

}  // namespace

TEST_CASE("git clones with the token of a running job, pushes nothing, and not after the job",
          "[system][git]") {
  running_job w;
  auto const url = w.url_with_token();
  auto const copy = w.path("copy");
  w.run("git", {"clone", "--quiet", url, copy.string()});
  CHECK(w.run("git", {"log", "--format=%s"}, copy) == "first\n");
  CHECK(std::filesystem::exists(copy / ".gitlab-ci.yml"));

  w.run("git", {"commit", "--quiet", "--allow-empty", "-m", "second"}, copy);
  auto const pushed = w.try_run("git", {"push", "origin", "HEAD:main"}, copy);
  CHECK(pushed.code != 0);
  INFO(pushed.err);
  CHECK(pushed.err.find("403") != std::string::npos);
  CHECK(w.run("git", {"log", "--format=%s"}, w.path("repo")) == "first\n");

  write_file(w.path("go"), "");
  REQUIRE(w.once->wait() == 0);
  auto const late = w.try_run("git", {"clone", "--quiet", url, w.path("late").string()});
  CHECK(late.code != 0);
}

TEST_CASE("the job's token is in no git configuration of the build, no process title and no log",
          "[system][secrets]") {
  auto const without_tokens = GENERATE("false", "true");
  CAPTURE(without_tokens);
  running_job w("FF_GIT_URLS_WITHOUT_TOKENS: '" + std::string(without_tokens) + "'");
  auto const token = w.token();
  REQUIRE(token.size() >= 20);
  auto const runner_token = w.gitlab->runner_token();
  REQUIRE(w.titles.find("fetch") != std::string::npos);
  for (auto const& file : files_with(w.path("builds"), token)) {
    INFO(file);
    CHECK(file.string().find("/.git/") == std::string::npos);
  }
  write_file(w.path("go"), "");
  REQUIRE(w.once->wait() == 0);
  CHECK(files_with(w.path("builds"), token).empty());
  CHECK(files_with(w.path("builds"), runner_token).empty());
  REQUIRE(w.titles.find("artifacts-uploader") != std::string::npos);
  INFO(line_with(w.titles, token).value_or(""));
  CHECK_FALSE(line_with(w.titles, token));
  CHECK_FALSE(line_with(w.titles, runner_token));

  auto const trace = w.gitlab->trace(w.gitlab->job("job").id);
  for (auto const& text : {trace, w.once->out(), w.once->err()}) {
    CHECK(text.find(token) == std::string::npos);
    CHECK(text.find(runner_token) == std::string::npos);
  }
  CHECK(trace.find("CI_JOB_TOKEN=[MASKED]") != std::string::npos);
}

TEST_CASE("a store of the user's credentials keeps no token of a job", "[system][secrets]") {
  world w;
  auto const repo = w.make_repository("repo", R"yml(
job:
  script:
    - printf 'url=%s\nusername=gitlab-ci-token\npassword=%s\n' "$CI_SERVER_URL" "$CI_JOB_TOKEN" | git credential approve
    - grep -c gitlab-ci-token ~/stored
)yml");
  auto const settings = w.path("home/.gitconfig");
  write_file(settings, read_file(settings) + "[credential]\n\thelper = store --file ~/stored\n");
  auto running = w.start({"local"}, {.directory = repo, .environment = {}});
  auto const code = running.wait();
  INFO(running.out() << running.err());
  CHECK(code == 0);
  REQUIRE(std::filesystem::exists(w.path("home/stored")));
  CHECK(read_file(w.path("home/stored")).find("gitlab-ci-token") == std::string::npos);
}

}  // namespace corunner::test
