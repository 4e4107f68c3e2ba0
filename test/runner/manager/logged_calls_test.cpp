#include "runner/manager/logged_calls.hpp"

#include "test/runner/trace/fake_job_api.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/settle.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;
using gitlab::patch_answer;
using gitlab::update_answer;

namespace {

// Calls to a fake server, and what the process log says of them.
struct bench {
  asio::io_context io;
  test::manual_time time{io.get_executor()};
  std::shared_ptr<test::fake_job_api> api = std::make_shared<test::fake_job_api>();
  std::string written;
  log_target target{time, [this](std::string_view line) { written = line; }};
  logged_calls calls{api, logger(target)};

  bench() { target.set_format(log_format::json); }

  std::string update(update_answer::kind what, int status) {
    api->next_updates.emplace_back().what = what;
    api->next_updates.back().status = status;
    test::run_to_end(io, [](logged_calls& to) -> awaitable<void> {
      co_await to.update_job({}, {.checksum = "crc32:528def35", .bytesize = 13});
    }(calls));
    return written;
  }

  std::string patch(patch_answer::kind what, int status) {
    api->next_patches.emplace_back().what = what;
    api->next_patches.back().status = status;
    test::run_to_end(io, [](logged_calls& to) -> awaitable<void> {
      co_await to.patch_trace({}, {.offset = 7, .bytes = "three"});
    }(calls));
    return written;
  }
};

bool has(std::string const& line, std::string_view part) {
  return line.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("every answer about a job's state is a line in the words that log tools match",
          "[manager][log]") {
  struct row {
    update_answer::kind what;
    int status;
    std::string_view expected;
  };
  using enum update_answer::kind;
  for (auto const& [what, status, expected] : {
           row{succeeded, 200, R"("msg":"Submitting job to coordinator...ok")"},
           row{accepted, 202,
               R"("msg":"Submitting job to coordinator...accepted, but not yet completed")"},
           row{log_wrong, 412,
               R"("msg":"Submitting job to coordinator...trace validation failed")"},
           row{aborted, 403, R"("msg":"Submitting job to coordinator... job failed")"},
           row{aborted, 404, R"("msg":"Submitting job to coordinator... not found")"},
           row{failed, 500, R"("msg":"Submitting job to coordinator... failed")"},
       }) {
    bench b;
    auto const line = b.update(what, status);
    CAPTURE(line);
    CHECK(has(line, expected));
    CHECK(has(line, R"("checksum":"crc32:528def35")"));
    CHECK(has(line, R"("bytesize":13)"));
    CHECK(has(line, status >= 403 && status != 412 ? R"("level":"warning")" : R"("level":"info")"));
  }
}

TEST_CASE("every answer about a job's log is a line with what was sent", "[manager][log]") {
  struct row {
    patch_answer::kind what;
    int status;
    std::string_view expected;
  };
  using enum patch_answer::kind;
  for (auto const& [what, status, expected] : {
           row{stored, 202, R"("msg":"Appending trace to coordinator...ok")"},
           row{not_found, 404, R"("msg":"Appending trace to coordinator... not-found")"},
           row{aborted, 403, R"("msg":"Appending trace to coordinator... job failed")"},
           row{mismatch, 416, R"("msg":"Appending trace to coordinator... range mismatch")"},
           row{refused, 400, R"("msg":"Appending trace to coordinator... failed")"},
           row{failed, 500, R"("msg":"Appending trace to coordinator... failed")"},
       }) {
    bench b;
    auto const line = b.patch(what, status);
    CAPTURE(line);
    CHECK(has(line, expected));
    CHECK(has(line, R"("sent-log":"7-11")"));
    CHECK(has(line, what == stored ? R"("level":"info")" : R"("level":"warning")"));
  }
}
