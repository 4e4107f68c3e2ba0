// `register` that makes its runner, `register --ensure`, and tokens that come from files.

#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/terminal_program.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdlib>

namespace corunner::test {

namespace {

struct registration_world : world {
  gitlab_program gitlab{*this, {}};
  std::filesystem::path config = path("config.toml");

  finished run(std::vector<std::string> words, std::map<std::string, std::string> more = {}) {
    words.insert(words.begin() + 1, {"--config", config.string()});
    start_options how;
    how.environment = more;
    auto one = start(words, how);
    auto const code = one.wait();
    return {code, one.out(), one.err()};
  }
  finished register_runner(std::vector<std::string> words,
                           std::map<std::string, std::string> more = {}) {
    words.insert(words.begin(),
                 {"register", "--non-interactive", "--url", gitlab.url(), "--executor", "shell"});
    more.try_emplace("GITLAB_TOKEN", gitlab.administrator_token());
    return run(words, more);
  }
  std::int64_t runners() {
    return static_cast<std::int64_t>(gitlab.get("/runners/all").as_array().size());
  }
  std::string token_in_file() const {
    auto const text = read_file(config);
    auto const at = text.find("token = \"") + 9;
    return text.substr(at, text.find('"', at) - at);
  }
};

bool has(std::string const& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an access token makes the runner and its entry in one step", "[system][register]") {
  registration_world w;
  auto const made =
      w.register_runner({"--instance", "--name", "made here", "--tag-list", "docker, linux",
                         "--maximum-timeout", "3600", "--paused", "--maintenance-note", "careful"});
  INFO(made.err);
  REQUIRE(made.code == 0);
  auto const runner = w.gitlab.get("/runners/2").as_object();
  CHECK(runner.at("description") == "made here");
  CHECK(runner.at("tag_list").as_array().size() == 2);
  CHECK(runner.at("run_untagged") == false);
  CHECK(runner.at("paused") == true);
  CHECK(runner.at("maximum_timeout") == 3600);
  CHECK(runner.at("maintenance_note") == "careful");
  CHECK(runner.at("runner_type") == "instance_type");
  auto const text = read_file(w.config);
  CHECK(has(text, "name = \"made here\""));
  CHECK(has(text, "id = 2\n"));
  CHECK(w.token_in_file().starts_with("glrt-"));
  CHECK_FALSE(has(text, w.gitlab.administrator_token()));
  CHECK_FALSE(has(made.out + made.err, w.gitlab.administrator_token()));
  CHECK(w.run({"verify"}).code == 0);
  // This machine is known to GitLab already.
  CHECK(w.gitlab.get("/runners/2/managers").as_array().size() == 1);
}

TEST_CASE("a registration that fails after its runner was made deletes it", "[system][register]") {
  registration_world w;
  auto const failed =
      w.register_runner({"--instance", "--name", "x", "--executor", "no-such-executor"});
  CHECK(failed.code == 1);
  CHECK(w.runners() == 1);
  CHECK_FALSE(std::filesystem::exists(w.config));
}

TEST_CASE(
    "a person is asked, and an interrupt at the last question deletes the runner that was made",
    "[system][register]") {
  registration_world w;
  auto const how = start_options{.directory = {},
                                 .environment = {{"GITLAB_TOKEN", w.gitlab.administrator_token()}}};
  terminal_program asking(
      w.loop, w.program({"register", "--config", w.config.string(), "--instance"}, how));
  std::pair<std::string, std::string> const dialogue[] = {
      {"Enter the GitLab instance URL", w.gitlab.url()},
      {"Enter a description for the runner:", "typed"},
      {"Enter tags for the runner", "docker"},
      {"Enter optional maintenance note", ""},
  };
  for (auto const& [question, answer] : dialogue) {
    asking.wait_for(question);
    asking.type(answer + '\n');
  }
  asking.wait_for("Enter an executor");
  CHECK(w.gitlab.get("/runners/2").at("description") == "typed");
  asking.signal(SIGINT);
  CHECK(asking.wait() == 1);
  CHECK(w.runners() == 1);
  CHECK_FALSE(std::filesystem::exists(w.config));
}

TEST_CASE("register tells what is wrong with the access token, and makes nothing",
          "[system][register]") {
  registration_world w;
  auto const wrong =
      w.register_runner({"--instance", "--name", "x"}, {{"GITLAB_TOKEN", "glpat-wrong"}});
  CHECK(wrong.code == 1);
  CHECK(has(wrong.err,
            "401 Unauthorized; the access token of $GITLAB_TOKEN is wrong, revoked or expired"));
  auto const none = w.register_runner({"--instance", "--name", "x"}, {{"GITLAB_TOKEN", ""}});
  CHECK(none.code == 1);
  CHECK(has(none.err, "there is no access token: set GITLAB_TOKEN"));
  auto const two =
      w.register_runner({"--instance", "--name", "x", "--token", w.gitlab.runner_token()});
  CHECK(two.code == 1);
  CHECK(has(two.err, "leave the other token out"));
  auto const missing = w.register_runner({"--project", "no/such", "--name", "x"});
  CHECK(missing.code == 1);
  CHECK(has(missing.err, "404 Not Found"));
  CHECK(w.runners() == 1);
  CHECK_FALSE(std::filesystem::exists(w.config));
}

TEST_CASE("ensured twice, registered once, and the file stays as it was", "[system][register]") {
  registration_world w;
  std::vector<std::string> const words{"--instance", "--name", "ensured", "--ensure"};
  REQUIRE(w.register_runner(words).code == 0);
  auto const text = read_file(w.config);
  auto const written = std::filesystem::last_write_time(w.config);
  auto const again = w.register_runner(words);
  CHECK(again.code == 0);
  CHECK(has(again.err, "Runner 'ensured' is registered already: nothing to do"));
  CHECK(read_file(w.config) == text);
  CHECK(std::filesystem::last_write_time(w.config) == written);
  CHECK(w.runners() == 2);
  // Also by its token, under whatever name.
  auto const file = w.path("token");
  write_file(file, w.token_in_file() + "\n");
  CHECK(w.register_runner({"--token-file", file.string(), "--name", "other", "--ensure"}).code ==
        0);
  CHECK(read_file(w.config) == text);
  // A runner of another name is another one.
  CHECK(w.register_runner({"--instance", "--name", "second", "--ensure"}).code == 0);
  CHECK(count_of("[[runners]]", read_file(w.config)) == 2);
}

TEST_CASE("a runner that GitLab has forgotten is ensured anew in the same place",
          "[system][register]") {
  registration_world w;
  REQUIRE(w.register_runner({"--instance", "--name", "ensured", "--ensure"}).code == 0);
  auto const old = w.token_in_file();
  w.gitlab.ask("DELETE", "/runners/2");
  auto const again = w.register_runner({"--instance", "--name", "ensured", "--ensure"});
  CHECK(again.code == 0);
  CHECK(has(again.err, "GitLab does not know runner 'ensured' any more"));
  CHECK(count_of("[[runners]]", read_file(w.config)) == 1);
  CHECK(w.token_in_file() != old);
  CHECK(w.run({"verify"}).code == 0);
}

TEST_CASE("a GitLab that is away leaves an ensured runner alone", "[system][register]") {
  registration_world w;
  REQUIRE(w.register_runner({"--instance", "--name", "ensured", "--ensure"}).code == 0);
  auto const text = read_file(w.config);
  auto const url = w.gitlab.url();
  REQUIRE(w.gitlab.stop() == 0);
  auto const away = w.register_runner({"--instance", "--name", "ensured", "--ensure"});
  CHECK(away.code == 1);
  CHECK(
      has(away.err, "cannot tell whether runner 'ensured' is still registered: nothing was done"));
  CHECK(read_file(w.config) == text);
}

TEST_CASE("no token needs to stand on a command line", "[system][register]") {
  registration_world w;
  auto const token = w.path("token");
  write_file(token, w.gitlab.runner_token() + "\n");
  REQUIRE(w.register_runner({"--token-file", token.string(), "--name", "by file"}).code == 0);
  CHECK(w.token_in_file() == w.gitlab.runner_token());
  CHECK(w.run({"verify", "--token-file", token.string()}).code == 0);

  auto const access = w.path("access");
  write_file(access, w.gitlab.administrator_token() + "\n");
  CHECK(w.run({"reset-token", "--name", "by file", "--pat-file", access.string()}).code == 0);
  CHECK(w.token_in_file() != w.gitlab.runner_token());

  auto const unknown = w.run({"verify", "--token-file", token.string()});
  CHECK(unknown.code == 1);
  CHECK(has(unknown.err, "no runner matches"));
  write_file(token, w.token_in_file());
  CHECK(w.run({"unregister", "--token-file", token.string()}).code == 0);
  CHECK(count_of("[[runners]]", read_file(w.config)) == 0);
}

TEST_CASE("a token from standard input registers", "[system][register]") {
  registration_world w;
  auto const script = fmt::format(
      "echo '{}' | HOME='{}' \"$1\" register --config '{}' --non-interactive --url {} --executor shell --name piped "
      "--token-file -",
      w.gitlab.runner_token(), w.path("home").string(), w.config.string(), w.gitlab.url());
  auto const piped = w.try_run("sh", {"-c", script, "sh", std::getenv("CORUNNER_PROGRAM")});
  INFO(piped.err);
  CHECK(piped.code == 0);
  CHECK(w.token_in_file() == w.gitlab.runner_token());
}

TEST_CASE("mistakes with files of tokens are told and change nothing", "[system][register]") {
  registration_world w;
  auto const empty = w.path("empty");
  write_file(empty, "\n");
  struct mistake {
    std::vector<std::string> words;
    std::string told;
  };
  std::vector<mistake> const mistakes{
      {{"--token-file", "/no/such/file"}, "there is no file '/no/such/file' with a token"},
      {{"--token-file", empty.string()}, "is empty: it should hold a token"},
      {{"--token", "glrt-one", "--token-file", empty.string()},
       "are both given: one token is enough"},
      {{"--token-file", w.gitlab.runner_token()},
       "expected the name of a file with a token, found a token"},
  };
  for (auto const& [words, told] : mistakes) {
    auto const ran = w.register_runner(words);
    INFO(ran.err);
    CHECK(ran.code == 1);
    CHECK(has(ran.err, told));
    CHECK_FALSE(has(ran.err, w.gitlab.runner_token()));
  }
  CHECK_FALSE(std::filesystem::exists(w.config));
}

}  // namespace corunner::test
