#include "runner/trace/job_trace.hpp"

#include "test/runner/trace/memory_spool.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/settle.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;
using namespace std::chrono_literals;

namespace {

// Blanks stand for "<stamp> <stream>": "T00O ", so that expectations are readable.
std::string shown(std::string text) {
  std::string const stamp = "2026-01-02T03:04:05.000000Z ";
  for (auto at = text.find(stamp); at != std::string::npos; at = text.find(stamp)) {
    text.replace(at, stamp.size(), "T");
  }
  return text;
}

struct bench {
  asio::io_context io;
  test::manual_time time{io.get_executor()};
  std::string stored;
  job_trace trace;

  explicit bench(trace_options how = {})
      : trace(io.get_executor(), time, std::make_unique<test::memory_spool>(stored),
              std::move(how)) {}

  void run(awaitable<void> work) { test::run_to_end(io, std::move(work)); }
  void out(std::string_view bytes) { run(trace.output().write(exec::channel::out, bytes)); }
  void err(std::string_view bytes) { run(trace.output().write(exec::channel::err, bytes)); }
};

}  // namespace

TEST_CASE("the runner's lines have their prefixes and streams their numbers",
          "[trace][job_trace]") {
  bench b;
  b.run(b.trace.print("plain"));
  b.run(b.trace.info("green"));
  b.run(b.trace.section_start("step_script"));
  b.run(b.trace.warning("careful"));
  b.out("from out\n");
  b.err("from err\n");
  b.run(b.trace.section_end("step_script"));
  b.run(b.trace.error("Job failed: exit status 1"));
  CHECK(shown(b.stored) ==
        "T00O \x1b[0Kplain\x1b[0;m\n"
        "T00O \x1b[32;1mgreen\x1b[0;m\n"
        "T00O section_start:1767323045:step_script\r\x1b[0K\n"
        "T00O+\x1b[0;33mWARNING: careful\x1b[0;m\n"
        "T01O from out\n"
        "T01E from err\n"
        "T00O section_end:1767323045:step_script\r\x1b[0K\n"
        "T00O+\x1b[31;1mERROR: Job failed: exit status 1\x1b[0;m\n");
  CHECK(b.trace.size() == b.stored.size());
  CHECK(b.trace.read(0, 27).value() == "2026-01-02T03:04:05.000000Z");
}

TEST_CASE("without sections there are no markers", "[trace][job_trace]") {
  bench b(trace_options{.timestamps = false, .sections = false});
  b.run(b.trace.section_start("a"));
  b.run(b.trace.section_end("a"));
  b.run(b.trace.print("x"));
  CHECK(b.stored == "\x1b[0Kx\x1b[0;m\n");
}

TEST_CASE("lines of several streams never mix", "[trace][job_trace]") {
  bench b;
  b.out("half");
  b.err("other ");
  b.run(b.trace.print("runner"));
  b.out(" line\n");
  b.err("line\n");
  CHECK(shown(b.stored) ==
        "T00O \x1b[0Krunner\x1b[0;m\nT01O half line\nT01E other line\n");
}

TEST_CASE("secrets are hidden per stream, across writes, in lines of the runner too",
          "[trace][job_trace]") {
  bench b(trace_options{.timestamps = false,
                        .masked = {"hush-hush", "step_script"},
                        .token_prefixes = default_token_prefixes(true)});
  b.run(b.trace.section_start("step_script"));
  b.out("hush-");
  b.err("hush-");
  b.out("hush?rss_token=a glrt-b ");
  b.err("x");
  CHECK(b.stored ==
        "section_start:1767323045:[MASKED]\r\x1b[0K[MASKED]?rss_token=[MASKED] glrt-[MASKED] "
        "hush-x");
}

TEST_CASE("encoded forms of secrets are hidden, those that come later too, unless they are to stay",
          "[trace][job_trace]") {
  bool const encoded = GENERATE(true, false);
  bench b(trace_options{.timestamps = false, .masked = {"hush/hush"}, .encoded = encoded});
  b.out("hush%2Fhush aHVzaC9odXNo.");
  b.trace.mask({"tell tale"});
  b.out("tell%20tale");
  b.run(b.trace.close());
  CHECK(b.stored ==
        (encoded ? "[MASKED] [MASKED].[MASKED]" : "hush%2Fhush aHVzaC9odXNo.tell%20tale"));
}

TEST_CASE("what a log hides can be hidden elsewhere, but for short values", "[trace][job_trace]") {
  bench b(trace_options{.masked = {"hush/hush", "short"}});
  b.trace.mask({"tell tale"});
  CHECK(b.trace.hide("short: hush/hush, hush%2Fhush, tell tale") ==
        "short: [MASKED], [MASKED], [MASKED]");
  CHECK_FALSE(b.trace.hide("short: hush"));
}

TEST_CASE("the end of a script writes what its filters hold back", "[trace][job_trace]") {
  bench b(trace_options{.masked = {"hush-hush-1"}});
  b.out("tail hush-");
  b.err("no feed");
  CHECK(b.stored.empty());
  b.run(b.trace.end_output());
  CHECK(shown(b.stored) == "T01O tail hush-\nT01E no feed\n");
  b.out("hush-1\n");
  CHECK(shown(b.stored).ends_with("T01O hush-1\n"));
}

TEST_CASE("the footer begins a line of its own after a section", "[trace][job_trace]") {
  bench b;
  b.run(b.trace.section_end("a"));
  b.run(b.trace.end_lines());
  b.run(b.trace.info("Job succeeded"));
  CHECK(shown(b.stored) ==
        "T00O section_end:1767323045:a\r\x1b[0K\n"
        "T00O \x1b[32;1mJob succeeded\x1b[0;m\n");
}

TEST_CASE(
    "whoever wants to know is told the runner's lines, but not what scripts print and the footer",
    "[trace][job_trace]") {
  bench b;
  using kind = job_trace::line_kind;
  std::vector<std::pair<kind, std::string>> told;
  b.trace.tell([&told](kind what, std::string_view text) { told.emplace_back(what, text); });
  b.run(b.trace.print("plain"));
  b.run(b.trace.info("green"));
  b.run(b.trace.warning("yellow"));
  b.run(b.trace.error("red"));
  b.out("from a script\n");
  b.run(b.trace.end_lines());
  b.run(b.trace.info("Job succeeded"));
  CHECK(told == std::vector<std::pair<kind, std::string>>{{kind::plain, "plain"},
                                                          {kind::info, "green"},
                                                          {kind::warning, "yellow"},
                                                          {kind::error, "red"}});
}

TEST_CASE("secrets that are found later are hidden from then on", "[trace][job_trace]") {
  bench b(trace_options{.timestamps = false});
  b.run(b.trace.print("before tell-tale"));
  b.trace.mask({"tell-tale"});
  b.run(b.trace.print("after tell-tale"));
  CHECK(b.stored == "\x1b[0Kbefore tell-tale\x1b[0;m\n\x1b[0K" "after [MASKED]\x1b[0;m\n");
}

TEST_CASE("the uploader is told when the log has the size it waits for", "[trace][job_trace]") {
  bench b;
  auto& first = b.trace.grown_to(1);
  CHECK_FALSE(first.is_set());
  b.out("no line yet");
  CHECK_FALSE(first.is_set());
  b.out("\n");
  CHECK(first.is_set());
  CHECK(b.trace.grown_to(b.trace.size()).is_set());
  CHECK_FALSE(b.trace.grown_to(b.trace.size() + 40).is_set());
  b.out("x\n");
  CHECK_FALSE(b.trace.grown_to(b.trace.size() + 1).is_set());
}

TEST_CASE("a script that prints much waits when the loop is overloaded, others do not",
          "[trace][job_trace]") {
  bench b;
  struct row {
    std::size_t bytes;
    std::chrono::milliseconds turn;  // that somebody else takes
    bool waits;
  };
  for (auto const& [bytes, turn, waits] : {row{5000, 0ms, false}, row{5000, 20ms, false},
                                           row{5000, 200ms, true}, row{100, 200ms, false}}) {
    CAPTURE(bytes, turn.count());
    std::string const text(bytes, 'x');
    bool written = false;
    asio::co_spawn(b.io, b.trace.output().write(exec::channel::out, text),
                   [&](std::exception_ptr) { written = true; });
    asio::post(b.io, [&, length = turn] { b.time.advance(length); });
    test::settle(b.io);
    CHECK(written == !waits);
    b.time.advance(turn);
    test::settle(b.io);
    CHECK(written);
  }
}

TEST_CASE("a closed trace takes nothing more", "[trace][job_trace]") {
  bench b;
  b.out("kept");
  b.run(b.trace.close());
  b.run(b.trace.close());
  b.out("dropped\n");
  b.run(b.trace.print("dropped"));
  b.run(b.trace.end_output());
  CHECK(shown(b.stored) == "T01O kept\n");
}

TEST_CASE("output over the limit is dropped, the footer too", "[trace][job_trace]") {
  bench b(trace_options{.timestamps = false, .limit = 20});
  b.out("0123456789012345678901234");
  b.run(b.trace.info("Job succeeded"));
  b.run(b.trace.close());
  CHECK(b.stored ==
        "01234567890123456789\n\x1b[33;1mJob's log exceeded limit of 20 bytes.\nJob execution will "
        "continue but no more output will be collected.\x1b[0;m\n");
}
