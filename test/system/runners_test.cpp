// `corunner runners` against a real coordinator: the life of a runner as an administrator sees it,
// and what a beginner does wrong.

#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/terminal_program.hpp"

#include <boost/json/parse.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <cstdlib>

namespace corunner::test {

namespace {

namespace json = boost::json;

// A GitLab and its administrator.
struct administration : world {
  // "REPOSITORY" among the arguments is one with a single job.
  explicit administration(std::vector<std::string> arguments = {})
      : gitlab(*this, with_repository(arguments)) {}
  gitlab_program gitlab;

  std::vector<std::string> with_repository(std::vector<std::string> arguments) {
    for (auto& each : arguments) {
      if (each == "REPOSITORY") {
        each = make_repository("app", "hello: {script: [echo hello]}\n").string();
      }
    }
    return arguments;
  }

  start_options as_administrator() {
    return {.directory = {},
            .environment = {{"CI_SERVER_URL", gitlab.url()},
                            {"GITLAB_TOKEN", gitlab.administrator_token()}}};
  }
  finished runners(std::vector<std::string> words, std::map<std::string, std::string> more = {}) {
    words.insert(words.begin(), "runners");
    auto how = as_administrator();
    for (auto& [name, value] : more) how.environment[name] = value;
    auto one = start(words, how);
    auto const code = one.wait();
    return {code, one.out(), one.err()};
  }
  // `corunner runners WORDS` through a shell: for standard input.
  finished shell(std::string const& script) {
    auto const program = std::getenv("CORUNNER_PROGRAM");
    return try_run("sh", {"-c",
                          "export HOME='" + path("home").string() + "' CI_SERVER_URL='" +
                              gitlab.url() + "'; " + script,
                          "sh", program});
  }
  std::string create(std::vector<std::string> words) {
    words.insert(words.begin(), {"create", "--instance"});
    auto const made = runners(words);
    INFO(made.err);
    REQUIRE(made.code == 0);
    return made.out.substr(0, made.out.find('\n'));
  }
};

bool has(std::string const& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a runner is made, changed, paused, resumed and deleted", "[system][runners]") {
  administration w;
  auto const made =
      w.runners({"create", "--instance", "--description", "of the test", "--tags", "docker,linux",
                 "--run-untagged=false", "--maximum-timeout", "3600"});
  REQUIRE(made.code == 0);
  // The token stands alone on standard output, for $(...).
  CHECK(made.out.starts_with("glrt-"));
  CHECK(count_of("\n", made.out) == 1);
  CHECK(has(made.err, "runner 2 is made"));

  auto const shown = w.runners({"show", "2"});
  CHECK(shown.code == 0);
  CHECK(has(shown.out, "description       of the test\n"));
  CHECK(has(shown.out, "tags              docker, linux\n"));
  CHECK(has(shown.out, "untagged jobs     no\n"));
  CHECK(has(shown.out, "maximum timeout   1 h\n"));

  CHECK(w.runners(
             {"update", "2", "--description", "changed", "--maximum-timeout", "none", "--locked"})
            .code == 0);
  auto const changed = w.gitlab.get("/runners/2").as_object();
  CHECK(changed.at("description") == "changed");
  CHECK(changed.at("maximum_timeout").is_null());
  CHECK(changed.at("locked") == true);
  CHECK(changed.at("tag_list").as_array().size() == 2);

  CHECK(w.runners({"pause", "1", "2"}).out == "runner 1 is paused\nrunner 2 is paused\n");
  CHECK(w.gitlab.get("/runners/2").at("paused") == true);
  CHECK(w.runners({"resume", "2"}).out == "runner 2 takes jobs\n");
  CHECK(w.gitlab.get("/runners/2").at("paused") == false);

  CHECK(w.runners({"delete", "--yes", "2"}).out == "runner 2 is deleted\n");
  CHECK(w.runners({"show", "2"}).code == 3);
}

TEST_CASE("runners of projects and groups are named by paths", "[system][runners]") {
  administration w({"--faults"});
  for (auto const* path : {"grp/app", "grp/other"}) {
    w.gitlab.ask("POST", fmt::format("/_test/projects?path={}", path));
  }
  CHECK(w.runners({"create", "--project", "grp/app", "--description", "of app"}).code == 0);
  CHECK(w.runners({"create", "--group", "grp", "--description", "of group"}).code == 0);
  CHECK(w.gitlab.get("/runners/2").at("runner_type") == "project_type");
  CHECK(w.gitlab.get("/runners/3").at("runner_type") == "group_type");

  CHECK(w.runners({"assign", "2", "--project", "grp/other"}).out ==
        "runner 2 is assigned to the project\n");
  CHECK(w.runners({"projects", "2"}).out == "id  path\n1   grp/app\n2   grp/other\n");
  CHECK(w.runners({"unassign", "2", "--project", "grp/other"}).out ==
        "runner 2 is taken from the project\n");
  auto const owner = w.runners({"unassign", "2", "--project", "grp/app"});
  CHECK(owner.code == 2);
  CHECK(has(owner.err,
            "(You cannot unassign a runner from the owner project. Delete the runner instead)"));

  auto const of_app = w.runners({"list", "--project", "grp/app", "--type", "project"});
  CHECK(has(of_app.out, "of app\n"));
  CHECK(count_of("\n", of_app.out) == 2);
  CHECK(has(w.runners({"list", "--group", "grp", "--type", "group"}).out, "of group\n"));
  CHECK(w.runners({"list", "--project", "no/such"}).code == 3);
  for (auto const* place : {"--project=grp/app", "--group=grp", "--instance"}) {
    auto const reset = w.runners({"reset-registration-token", place, "--yes"});
    CHECK(reset.code == 0);
    CHECK(reset.out.starts_with("GR1348941"));
  }
}

TEST_CASE("jobs and machines of a runner are listed", "[system][runners]") {
  administration w({"--repo", "REPOSITORY"});
  auto const config = w.configure({.url = w.gitlab.url(), .token = w.gitlab.runner_token()});
  auto once = w.start_run(config, {"--once"});
  REQUIRE(once.wait() == 0);
  auto const jobs = w.runners({"jobs", "1"});
  CHECK(jobs.code == 0);
  CHECK(jobs.out.starts_with("id  status   took"));
  CHECK(has(jobs.out, "success"));
  CHECK(jobs.out.ends_with("  hello\n"));
  CHECK(w.runners({"jobs", "1", "--status", "failed", "--json"}).out == "[]\n");
  auto const machines = w.runners({"managers", "1"});
  CHECK(machines.out.starts_with("id  system id"));
  CHECK(has(machines.out, "online"));
  CHECK(w.runners({"jobs", "1", "--system-id", "s_elsewhere", "--json"}).out == "[]\n");
}

TEST_CASE("a token's scope that is too small is named", "[system][runners]") {
  administration w({"--faults"});
  auto const reader = w.gitlab.ask("POST", "/_test/users?username=reader&scopes=read_api");
  std::map<std::string, std::string> const as_reader{
      {"GITLAB_TOKEN", std::string(reader.at("token").as_string())}};
  CHECK(w.runners({"list"}, as_reader).code == 0);
  auto const refused = w.runners({"pause", "1"}, as_reader);
  CHECK(refused.code == 2);
  CHECK(has(
      refused.err,
      "the access token of $GITLAB_TOKEN lacks a scope: one of these would do: api manage_runner"));
  auto const all = w.runners({"list", "--all"}, as_reader);
  CHECK(all.code == 2);
  CHECK(has(all.err, "403 Forbidden; whoever owns the access token has no right to do that"));
}

TEST_CASE("the list follows the pages, and JSON is what the server sent", "[system][runners]") {
  administration w;
  for (int i = 0; i < 4; ++i) w.create({"--description", fmt::format("number {}", i)});
  auto const table = w.runners({"list", "--per-page", "2"});
  CHECK(table.code == 0);
  CHECK(count_of("\n", table.out) == 6);
  CHECK(has(table.out, "number 3\n"));

  auto const all = w.runners({"list", "--per-page", "2", "--json"});
  CHECK(json::parse(all.out).as_array() == w.gitlab.get("/runners").as_array());
  auto const some = w.runners({"list", "--limit", "3", "--per-page", "2", "--json"});
  CHECK(json::parse(some.out).as_array().size() == 3);
  CHECK(some.err == "3 shown, there are more\n");
  auto const page = w.runners({"list", "--per-page", "2", "--page", "3", "--json"});
  CHECK(json::parse(page.out).as_array().size() == 1);
  CHECK(w.runners({"list", "--paused", "--json"}).out == "[]\n");
  CHECK(w.runners({"list", "--all", "--status", "never_contacted"}).code == 0);
}

TEST_CASE("runner tokens and access tokens come from files or standard input",
          "[system][runners]") {
  administration w;
  auto const token = w.create({"--description", "by token"});
  auto const access = w.path("access");
  write_file(access, w.gitlab.administrator_token() + "\n");
  CHECK(w.runners({"list", "--access-token-file", access.string()}, {{"GITLAB_TOKEN", "wrong"}})
            .code == 0);

  auto const valid = w.shell("echo " + token + " | \"$1\" runners verify --token-file -");
  CHECK(valid.code == 0);
  CHECK(valid.out == "the token is that of runner 2, it does not expire\n");
  auto const file = w.path("token");
  write_file(file, token);
  auto const reset = w.runners({"reset-token", "--token-file", file.string(), "--yes"});
  CHECK(reset.code == 0);
  CHECK(reset.out.starts_with("glrt-"));
  auto const old = w.runners({"verify", "--token-file", file.string()});
  CHECK(old.code == 2);
  CHECK(has(old.err, "GitLab does not know this token, or no longer"));
  write_file(file, reset.out);
  CHECK(w.runners({"delete", "--token-file", file.string(), "--yes"}).out ==
        "runner of the token is deleted\n");
  CHECK(w.runners({"show", "2"}).code == 3);
}

TEST_CASE("runners.toml names the server and the token", "[system][runners]") {
  administration w;
  auto const file = w.path("home") / ".config/corunner/runners.toml";
  write_file(file, "[[gitlab]]\nurl = \"" + w.gitlab.url() + "\"\naccess_token = \"" +
                       w.gitlab.administrator_token() + "\"\n");
  std::filesystem::permissions(file, std::filesystem::perms(0600));
  auto one = w.start({"runners", "list"});
  CHECK(one.wait() == 0);
  CHECK(has(one.out(), "printed at start"));
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  auto open = w.start({"runners", "list"});
  CHECK(open.wait() == 1);
  CHECK(has(open.err(), "may be read by others"));
  CHECK_FALSE(has(open.err(), w.gitlab.administrator_token()));
}

TEST_CASE("what a beginner does wrong is told before anything is sent", "[system][runners]") {
  administration w;
  struct mistake {
    std::vector<std::string> words;
    std::string told;
  };
  auto const& [words, told] = GENERATE(values<mistake>({
      {{"show"}, "it takes the number of a runner"},
      {{"show", "my-runner"},
       "'my-runner' is no number of a runner; `corunner runners list` shows the numbers"},
      {{"show", "glrt-t1_abcdefghijklmnopqrst"}, "a token is no number of a runner"},
      {{"lst"}, "Command lst not found. Did you mean 'list'?"},
      {{"update", "1"}, "nothing to change: give one or more of --description"},
      {{"update", "1", "--access-level", "protected"}, "expected not_protected, ref_protected"},
      {{"update", "1", "--paused", "false"}, "'false' is no number of a runner"},
      {{"create", "--description", "x"}, "it takes --instance or --project or --group"},
      {{"assign", "1"}, "it takes --project"},
      {{"list", "--all", "--group", "a"}, "--all and --group exclude each other"},
      {{"list", "--access-token-file", "glpat-abcdefghijklmnopqrst"},
       "expected the name of a file with a token, found a token"},
      {{"delete", "1"}, "nobody can be asked here whether that is meant: give --yes"},
  }));
  CAPTURE(words);
  auto const ran = w.runners(words);
  CHECK(ran.code == 1);
  INFO(ran.err);
  CHECK(has(ran.err, told));
  CHECK_FALSE(has(ran.err, "abcdefghij"));
  CHECK(w.gitlab.get("/runners/1").at("paused") == false);
}

TEST_CASE("refusals have exit codes and say what to do", "[system][runners]") {
  administration w;
  auto const wrong = w.runners({"list"}, {{"GITLAB_TOKEN", "glpat-wrong"}});
  CHECK(wrong.code == 2);
  CHECK(has(wrong.err,
            "401 Unauthorized; the access token of $GITLAB_TOKEN is wrong, revoked or expired"));
  CHECK_FALSE(has(wrong.err, "glpat-wrong"));
  auto const none = w.runners({"list"}, {{"GITLAB_TOKEN", ""}});
  CHECK(none.code == 1);
  CHECK(has(none.err, "there is no access token: set GITLAB_TOKEN"));
  CHECK(w.runners({"show", "99"}).code == 3);
  auto const refused = w.runners({"update", "1", "--maximum-timeout", "300"});
  CHECK(refused.code == 1);
  CHECK(has(refused.err, "400 Bad Request (maximum_timeout: needs to be at least 10 minutes)"));
  auto const away = w.runners({"list"}, {{"CI_SERVER_URL", "http://127.0.0.1:1"}});
  CHECK(away.code == 4);
  CHECK(has(away.err, "check the URL, the network and whether the server runs"));
  auto const no_url = w.runners({"list"}, {{"CI_SERVER_URL", ""}});
  CHECK(no_url.code == 1);
  CHECK(has(no_url.err, "which GitLab? give --url"));
}

TEST_CASE("at a terminal a deletion is asked for, with what would be lost", "[system][runners]") {
  administration w;
  w.create({"--description", "precious"});
  auto const& [answer, code] =
      GENERATE(table<std::string, int>({{"n\n", 1}, {"\n", 1}, {"\x04", 1}, {"y\n", 0}}));
  terminal_program asking(w.loop, w.program({"runners", "delete", "2"}, w.as_administrator()));
  asking.wait_for("Delete runner 2 (precious, instance, never contacted) at " + w.gitlab.url() +
                  "? [y/N]");
  asking.type(answer);
  CHECK(asking.wait() == code);
  CHECK(has(asking.shown(), code == 0 ? "runner 2 is deleted" : "not confirmed: nothing was done"));
  CHECK(w.runners({"show", "2"}).code == (code == 0 ? 3 : 0));
}

TEST_CASE("at a terminal of 80 columns no line of the list is longer", "[system][runners]") {
  administration w;
  w.create({"--description", std::string(200, 'x')});
  terminal_program list(w.loop, w.program({"runners", "list"}, w.as_administrator()));
  CHECK(list.wait() == 0);
  CHECK(has(list.shown(), "xxx…"));
  CHECK_FALSE(has(list.shown(), std::string(60, 'x')));
}

TEST_CASE("a token that is typed is not shown", "[system][runners]") {
  administration w;
  terminal_program asking(
      w.loop, w.program({"runners", "verify", "--token-file", "-"}, w.as_administrator()));
  asking.wait_for("Enter the token (it is not shown):");
  asking.type(w.gitlab.runner_token() + "\n");
  CHECK(asking.wait() == 0);
  CHECK(has(asking.shown(), "the token is that of runner 1"));
  CHECK_FALSE(has(asking.shown(), w.gitlab.runner_token()));
}

}  // namespace corunner::test
