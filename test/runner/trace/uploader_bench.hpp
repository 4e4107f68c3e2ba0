#pragma once

#include "net/task_group.hpp"
#include "runner/trace/job_trace.hpp"
#include "runner/trace/trace_uploader.hpp"
#include "test/runner/trace/fake_job_api.hpp"
#include "test/runner/trace/memory_spool.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/settle.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace corunner::test {

using namespace std::chrono_literals;
using gitlab::patch_answer;
using gitlab::update_answer;
using strings = std::vector<std::string>;

// A job's log and its uploader under manual time.
struct uploader_bench {
  asio::io_context io;
  manual_time time{io.get_executor()};
  net::blocking_pool pool;
  fake_job_api api;
  std::string stored;
  job_trace trace{io.get_executor(), time, std::make_unique<memory_spool>(stored),
                  trace_options{.timestamps = false}};
  trace_uploader uploader;
  std::optional<delivery> delivered;
  net::task_group children{io.get_executor()};

  explicit uploader_bench(uploader_options how = {})
      : uploader(io.get_executor(), time, pool, api, trace, std::move(how)) {}

  ~uploader_bench() {
    children.cancel();
    settle(io);
  }

  acceptance accept() {
    acceptance out{};
    run_to_end(io, [](trace_uploader& up, acceptance& into) -> awaitable<void> {
      into = co_await up.accept();
    }(uploader, out));
    return out;
  }

  void start() {
    REQUIRE(accept() == acceptance::go);
    api.calls.clear();
    children.spawn(uploader.run());
    settle(io);
  }

  void print(std::string const& text) {
    run_to_end(io, trace.raw(text));
    settle(io);
  }

  void advance(net::time_source::duration by) {
    // In small steps, so that what one wake-up sets in motion happens at its time.
    for (auto const end = time.now() + by; time.now() < end;) {
      auto const next = std::min(end, time.next_deadline());
      time.advance(std::max<net::time_source::duration>(next - time.now(), 0s));
      settle(io);
    }
  }

  void finish(job_end how = {.success = true}) {
    run_to_end(io, trace.close());
    children.spawn([](trace_uploader& up, job_end end,
                      std::optional<delivery>& into) -> awaitable<void> {
      into = co_await up.finish(std::move(end));
    }(uploader, std::move(how), delivered));
    settle(io);
  }

  // Large patches are read on another thread.
  void wait_for_pool() {
    while (!delivered) {
      io.restart();
      io.run_for(10ms);
    }
  }
};

inline patch_answer patched(patch_answer::kind what, std::string_view job_status = {}) {
  patch_answer out;
  out.what = what;
  out.signals.canceling = job_status == "canceling";
  out.message = what == patch_answer::kind::stored ? "" : "PATCH failed";
  return out;
}

// Of a server that does not say what the job's state is.
inline patch_answer refused_patch(int status) {
  auto out = patched(status == 403 ? patch_answer::kind::aborted : patch_answer::kind::refused);
  out.status = status;
  return out;
}

inline update_answer updated(update_answer::kind what, int status = 0, bool canceling = false) {
  update_answer out;
  out.what = what;
  out.status = status;
  out.signals.canceling = canceling;
  return out;
}

}  // namespace corunner::test
