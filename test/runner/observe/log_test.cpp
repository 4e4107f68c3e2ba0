#include "runner/observe/log.hpp"
#include "runner/observe/retry_log.hpp"

#include "test/support/manual_time.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <stdlib.h>

using namespace corunner;
using namespace std::chrono_literals;

namespace {

std::string line_of(log_format format, log_level level, std::string_view message,
                    log_fields fields = {}, bool terminal = false) {
  ::setenv("TZ", "UTC", 1);
  log_line line;
  line.level = level;
  line.message = message;
  line.fields = &fields;
  line.time = std::chrono::system_clock::time_point(1'800'000'000s + 120'000'000ns);
  line.since_start = 5s;
  line.terminal = terminal;
  return format_line(format, line);
}

// A log that keeps its lines.
struct kept_log {
  asio::io_context io;
  test::manual_time time{io.get_executor()};
  std::string lines;
  log_target target{time, [this](std::string_view line) { lines += line; }};
  logger log{target};
};

}  // namespace

TEST_CASE("the runner format pads the message to fifty columns, prefix included",
          "[observe][log]") {
  CHECK(line_of(log_format::runner, log_level::info, "Listing configured runners",
                {{"ConfigFile", "/x"}}) ==
        "Listing configured runners                        \x1b[0;m  ConfigFile\x1b[0;m=/x\n");
  CHECK(line_of(log_format::runner, log_level::warning, "Running in user-mode.") ==
        "\x1b[0;33mWARNING: Running in user-mode.                    \x1b[0;m \n");
  CHECK(line_of(log_format::runner, log_level::fatal, "Command foo not found.") ==
        "\x1b[31;1mFATAL: Command foo not found.                     \x1b[0;m \n");
  CHECK(line_of(log_format::runner, log_level::panic, "x", {{"a", 1}, {"b", true}}) ==
        "\x1b[31;1mPANIC: x" + std::string(42, ' ') +
            "\x1b[0;m  \x1b[31;1m" "a\x1b[0;m=1 \x1b[31;1m" "b\x1b[0;m=true\n");
  CHECK(line_of(log_format::runner, log_level::debug, "d") ==
        "\x1b[37;1md" + std::string(49, ' ') + "\x1b[0;m \n");
}

TEST_CASE("a message longer than its column is not cut, and counts characters", "[observe][log]") {
  std::string const long_message(60, 'x');
  CHECK(line_of(log_format::runner, log_level::info, long_message) == long_message + "\x1b[0;m \n");
  CHECK(line_of(log_format::runner, log_level::info, "\u00e4") ==
        "\u00e4" + std::string(49, ' ') + "\x1b[0;m \n");
}

TEST_CASE("the text format has fixed keys first and quotes what needs it", "[observe][log]") {
  CHECK(
      line_of(log_format::text, log_level::fatal, "flag provided but not defined: -foo") ==
      "time=\"2027-01-15T08:00:00.12Z\" level=fatal msg=\"flag provided but not defined: -foo\"\n");
  CHECK(line_of(log_format::text, log_level::info, "", {{"a", ""}, {"b", "x/y@z^1+2"}, {"c", "a b"},
                                                        {"d", "\"\n\x01"}, {"time", 1}}) ==
        "time=\"2027-01-15T08:00:00.12Z\" level=info a= b=x/y@z^1+2 c=\"a b\" d=\"\\\"\\n\\x01\" "
        "fields.time=1\n");
}

TEST_CASE("without colours the runner and text formats have no escapes, on a terminal neither",
          "[observe][log]") {
  auto const format = GENERATE(log_format::runner, log_format::text);
  asio::io_context io;
  test::manual_time time{io.get_executor()};
  std::string lines;
  log_target target(time, [&](std::string_view line) { lines += line; }, true);
  target.set_format(format);
  logger(target).error("coloured", {{"name", "value"}});
  CHECK(lines.find('\x1b') != lines.npos);
  lines.clear();
  target.set_colours(false);
  logger(target).error("plain", {{"name", "value"}});
  CHECK(lines.find('\x1b') == lines.npos);
  CHECK(lines.find("name=value") != lines.npos);
}

TEST_CASE("the text format on a terminal is short and coloured", "[observe][log]") {
  CHECK(line_of(log_format::text, log_level::warning, "low", {{"k", "v"}}, true) ==
        "\x1b[33mWARN\x1b[0m[0005] low" + std::string(41, ' ') + "  \x1b[33mk\x1b[0m=v\n");
}

TEST_CASE("the json format keeps numbers, sorts keys and is safe in HTML", "[observe][log]") {
  CHECK(
      line_of(log_format::json, log_level::info, "metrics & <debug>",
              {{"builds", 0}, {"ok", false}, {"level", "x"}, {"timeout", 30s}, {"f", 1.5}}) ==
      "{\"builds\":0,\"f\":1.5,\"fields.level\":\"x\",\"level\":\"info\",\"msg\":\"metrics \\u0026 "
      "\\u003cdebug\\u003e\",\"ok\":false,\"time\":\"2027-01-15T08:00:00.12Z\","
      "\"timeout\":30000000000}\n");
}

TEST_CASE("a length of time is written as Go does", "[observe][log]") {
  auto const line = line_of(log_format::text, log_level::info, "x", {{"t", 90s}});
  CHECK(line.ends_with(" t=1m30s\n"));
}

TEST_CASE("a number with a name is a number in JSON only", "[observe][log]") {
  log_fields const fields{{"stop-signal", named_number{3, "quit"}}};
  CHECK(line_of(log_format::json, log_level::info, "m", fields).find("\"stop-signal\":3,") !=
        std::string::npos);
  CHECK(line_of(log_format::text, log_level::info, "m", fields).ends_with(" stop-signal=quit\n"));
}

TEST_CASE("a secret field is masked in every format", "[observe][log]") {
  auto const format = GENERATE(log_format::runner, log_format::text, log_format::json);
  auto const line = line_of(format, log_level::info, "x", {{"token", secret("glrt-abc")}});
  CHECK(line.find("glrt-abc") == std::string::npos);
  CHECK(line.find("[MASKED]") != std::string::npos);
}

TEST_CASE("a mirror gets what is written, from info on, without colours and secrets",
          "[observe][log]") {
  kept_log kept;
  std::string seen;
  kept.target.set_level(log_level::debug);
  kept.target.set_mirror([&](log_level level, std::string_view line) {
    seen += std::string(name_of(level)) + ": " + std::string(line);
  });
  auto const lease =
      kept.target.filters().add([](std::string_view text) -> std::optional<std::string> {
        return text.find("nobody") == std::string_view::npos ? std::nullopt
                                                             : std::optional<std::string>("hushed");
      });
  kept.log.debug("not this");
  kept.log.warning("hello tell nobody", {{"a", 1}});
  INFO(seen);
  CHECK(kept.lines.find("not this") != std::string::npos);
  CHECK(seen.starts_with("warning: time="));
  CHECK(seen.ends_with(" level=warning msg=hushed a=1\n"));
}

TEST_CASE("lines above the level are dropped", "[observe][log]") {
  kept_log kept;
  kept.log.debug("hidden");
  kept.log.info("shown");
  kept.target.set_level(log_level::error);
  kept.log.warning("hidden");
  kept.log.error("also");
  CHECK(kept.lines.find("hidden") == std::string::npos);
  CHECK(kept.lines.find("shown") != std::string::npos);
  CHECK(kept.lines.find("also") != std::string::npos);
}

TEST_CASE("fields are sorted, inherited, and the latest of a name wins", "[observe][log]") {
  kept_log kept;
  kept.target.set_format(log_format::text);
  auto const job = kept.log.with({{"runner", "abc"}, {"job", 1}}).with({{"job", 2}});
  job.info("m", {{"a", 1}, {"runner", "def"}});
  CHECK(kept.lines.find(" a=1 job=2 runner=def\n") != std::string::npos);
}

TEST_CASE("levels have seven names in any case, formats three exact ones", "[observe][log]") {
  CHECK(parse_log_level("WARN") == log_level::warning);
  CHECK(parse_log_level("Warning") == log_level::warning);
  CHECK(parse_log_level("panic") == log_level::panic);
  CHECK(parse_log_level("trace") == log_level::trace);
  CHECK_FALSE(parse_log_level(""));
  CHECK_FALSE(parse_log_level("loud"));
  CHECK(parse_log_format("json") == log_format::json);
  CHECK_FALSE(parse_log_format("JSON"));
  CHECK(name_of(log_level::warning) == "warning");
}

TEST_CASE("secrets are kept out of lines for as long as someone lends a filter", "[observe][log]") {
  auto const hides = [](std::string secret) {
    return [secret](std::string_view text) -> std::optional<std::string> {
      auto const at = text.find(secret);
      if (at == std::string_view::npos) return std::nullopt;
      return std::string(text).replace(at, secret.size(), "*");
    };
  };
  kept_log b;
  b.target.set_format(log_format::json);
  auto const line = [&] {
    b.lines.clear();
    b.log.with({{"url", "x?tell=tale"}}).warning("hush-hush", {{"name", "one"}, {"number", 1}});
    auto const time = b.lines.find(",\"time");
    return b.lines.erase(time, b.lines.find(",\"url") - time);
  };
  std::string const plain =
      R"({"level":"warning","msg":"hush-hush","name":"one","number":1,"url":"x?tell=tale"})" "\n";
  CHECK(line() == plain);
  {
    auto const first = b.target.filters().add(hides("hush-hush"));
    auto second = b.target.filters().add(hides("tale"));
    CHECK(line() == R"({"level":"warning","msg":"*","name":"one","number":1,"url":"x?tell=*"})"
                    "\n");
    second = b.target.filters().add(hides("1"));
    CHECK(line() == R"({"level":"warning","msg":"*","name":"one","number":1,"url":"x?tell=tale"})"
                    "\n");
    log_filters::lease const moved = std::move(second);
    second = {};
    CHECK_FALSE(b.target.filters().empty());
  }
  CHECK(b.target.filters().empty());
  CHECK(line() == plain);
}

TEST_CASE("a pause before a call is repeated is told as GitLab Runner tells it", "[observe][log]") {
  auto const* const refused = GENERATE("", "soon");
  kept_log kept;
  kept.target.set_format(log_format::text);
  log_retry(kept.log, "POST", "http://h/api?x=y", 100ms, refused);
  auto const pause = kept.lines.find("level=info msg=\"Waiting before making the next call\" "
                                     "context=ratelimit-requester-gitlab-request duration=100ms "
                                     "method=POST url=\"http://h/api?x=y\"");
  INFO(kept.lines);
  CHECK(pause != std::string::npos);
  auto const warning =
      kept.lines.find("level=warning msg=\"Couldn't parse retry after header\" "
                      "error=\"strconv.Atoi: parsing \\\"soon\\\": invalid syntax\" "
                      "header=Retry-After headerValue=soon");
  CHECK((warning != std::string::npos) == (*refused != '\0'));
}
