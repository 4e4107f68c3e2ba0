#pragma once

#include "net/event.hpp"
#include "runner/gitlab/job_api.hpp"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace corunner::test {

// A server side that keeps a log as GitLab does and answers as the test says.
struct fake_job_api final : gitlab::job_api {
  std::string log;                       // what was accepted
  std::vector<std::string> calls;        // "PATCH 0-12", "PUT running", "PUT success"
  std::vector<gitlab::job_update> updates;
  std::deque<gitlab::patch_answer> next_patches;    // before the usual answer
  std::deque<gitlab::update_answer> next_updates;
  bool lose_answer = false;              // stores the next patch, but answers with a failure
  net::event* hold = nullptr;            // patches wait for it
  net::event* hold_updates = nullptr;

  awaitable<gitlab::poll_answer> request_job(gitlab::poll_request) override {
    co_return gitlab::poll_answer{};
  }

  awaitable<gitlab::update_answer> update_job(gitlab::job_key const&,
                                              gitlab::job_update update) override {
    calls.push_back("PUT " + std::string(gitlab::to_string(update.state)));
    updates.push_back(std::move(update));
    if (hold_updates) co_await hold_updates->wait();
    gitlab::update_answer out;
    out.what = gitlab::update_answer::kind::succeeded;
    if (!next_updates.empty()) {
      out = next_updates.front();
      next_updates.pop_front();
    }
    co_return out;
  }

  awaitable<gitlab::patch_answer> patch_trace(gitlab::job_key const&,
                                              gitlab::trace_patch patch) override {
    calls.push_back("PATCH " + std::to_string(patch.offset) + "-" +
                    std::to_string(patch.offset + patch.bytes.size() - 1));
    if (hold) co_await hold->wait();
    gitlab::patch_answer out;
    if (!next_patches.empty()) {
      out = next_patches.front();
      next_patches.pop_front();
      co_return out;
    }
    if (patch.offset != log.size()) {
      out.what = gitlab::patch_answer::kind::mismatch;
      out.offset = log.size();
      co_return out;
    }
    log += patch.bytes;
    out.what = lose_answer ? gitlab::patch_answer::kind::failed
                           : gitlab::patch_answer::kind::stored;
    lose_answer = false;
    co_return out;
  }
};

}  // namespace corunner::test
