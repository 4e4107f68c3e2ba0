// A person and the configuration file: what is wrong in it, what is in force, what may stand there.

#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"

namespace corunner::test {

namespace {

struct ended {
  int code = 0;
  std::string out;
  std::string err;
};

ended finish(child&& command) {
  int const code = command.wait();
  return {code, command.out(), command.err()};
}

}  // namespace

TEST_CASE("lint tells all that is wrong at once", "[system][config]") {
  world w;
  auto const file = w.path("config.toml");
  write_file(file,
             "concurrent = \"4\"\nfoo = 1\n[[runners]]\nname = 5\nurl = \"http://127.0.0.1:9\"\n"
             "token = \"glrt-secret\"\nimagee = \"x\"\nshell = \"fish\"\n");
  auto const linted = finish(w.start({"lint", "--config", file.string()}));
  INFO(linted.err);
  CHECK(linted.code == 1);
  for (auto const* part :
       {"toml: line 1 (last key \"concurrent\")", "toml: line 4 (last key \"runners.name\")",
        "- at '/runners/0/shell': ", "2 unknown key(s) found in ",
        "  unknown key: foo (line 2, column 1)", "  unknown key: runners.imagee (line 7, "}) {
    CAPTURE(part);
    CHECK(count_of(part, linted.err) == 1);
  }
  CHECK(count_of("glrt-secret", linted.err) == 0);
}

TEST_CASE("run warns of a typing error, and refuses a strict file with one", "[system][config]") {
  world w;
  auto const file = w.path("config.toml");
  auto const typing_error =
      file.string() + ":1:1: unknown key 'concurent', did you mean 'concurrent'?";
  write_file(file, "concurent = 4\n");
  auto running = w.start_run(file);
  running.wait_for_error("Configuration loaded");
  CHECK(count_of(typing_error, running.err()) == 1);
  running.signal(SIGTERM);
  CHECK(running.wait() == 0);

  auto const by_flag = finish(w.start_run(file, {"--strict"}));
  CHECK(by_flag.code == 1);
  CHECK(count_of(typing_error, by_flag.err) == 1);

  write_file(file, "concurent = 4\nstrict = true\n");
  auto const by_file = finish(w.start_run(file));
  CHECK(by_file.code == 1);
  CHECK(count_of("Service run failed", by_file.err) == 1);
  CHECK(count_of(typing_error, by_file.err) == 1);
}

TEST_CASE("explain prints a value and where it came from", "[system][config]") {
  world w;
  auto const file = w.path("config.toml");
  write_file(
      file,
      "concurrent = 4\n[[runners]]\nname = \"a\"\nurl = \"http://127.0.0.1:9\"\ntoken = \"$SECRET\"\n");
  auto const explain = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"config", "explain", "--config", file.string()});
    return finish(
        w.start(std::move(words), {.directory = {}, .environment = {{"SECRET", "glrt-secret"}}}));
  };
  auto const one = explain({"concurrent"});
  CHECK(one.code == 0);
  CHECK(one.out ==
        "# Most jobs at once, over all entries\nconcurrent = 4  # " + file.string() + ":1:1\n");
  CHECK(one.err.empty());

  auto const all = explain({"--user", "builder"});
  CHECK(all.code == 0);
  CHECK(count_of("runners[0].token = \"[MASKED]\"", all.out) == 1);
  CHECK(count_of(file.string() + ":5:1, expanded from $SECRET\n", all.out) == 1);
  CHECK(count_of("glrt-secret", all.out + all.err) == 0);
  CHECK(count_of("\"builder\"", all.out) == 1);
  CHECK(count_of("# flag --user\n", all.out) == 1);

  auto const wrong = explain({"runners.tokn"});
  CHECK(wrong.code == 1);
  CHECK(wrong.out.empty());
  CHECK(count_of("unknown key 'tokn', did you mean 'token'?", wrong.err) == 1);
}

TEST_CASE("a group of commands lists them, and knows what was meant", "[system][config]") {
  world w;
  auto const alone = finish(w.start({"config"}));
  CHECK(alone.code == 0);
  CHECK(count_of("explain  ", alone.out) == 1);
  CHECK(count_of("schema  ", alone.out) == 1);
  CHECK(finish(w.start({"help", "config"})).out == alone.out);
  CHECK(finish(w.start({"config", "--help"})).out == alone.out);
  auto const helped = finish(w.start({"config", "explain", "--help"}));
  CHECK(helped.code == 0);
  CHECK(count_of("runners[NAME]", helped.out) == 1);

  auto const wrong = finish(w.start({"config", "explian"}));
  CHECK(wrong.code == 1);
  CHECK(count_of("Command explian not found. Did you mean 'explain'?", wrong.err) == 1);
}

}  // namespace corunner::test
