#include "test/runner/artifact/artifact_world.hpp"

#include <boost/asio/co_spawn.hpp>

#include <regex>

namespace corunner::test {
namespace {

// Colours, padding and what differs every time.
std::string plain(std::string_view line) {
  std::string text(line);
  text = std::regex_replace(text, std::regex("\x1b\\[[0-9;]*m"), "");
  text = std::regex_replace(text, std::regex("[0-9a-f]{32}"), "{id}");
  text = std::regex_replace(text, std::regex(" +"), " ");
  return std::regex_replace(text, std::regex(" \n"), "\n");
}

}  // namespace

artifact_world::artifact_world()
    : log_output(time, [this](std::string_view line) { log += plain(line); }),
      context{network,
              time,
              pool,
              processes,
              logger(log_output),
              [this](std::string_view name) -> std::optional<std::string> {
                auto const found = variables.find(name);
                return found == variables.end() ? std::nullopt : std::optional(found->second);
              },
              files.path("proj"),
              "tests",
              [this](std::string_view text) { metered += text; },
              [](std::string_view) {}} {
  files.folder("proj");
  files.folder("tmp");
  variables["TMPDIR"] = files.path("tmp");
}

artifact_credentials artifact_world::credentials() const {
  return {"http://gitlab.test", secret("job-token-and-more"), 42, {}};
}

// One thread works in order: when a job of ours has come through, so have those before it. Returns
// how many handlers ran.
std::size_t artifact_world::fence() {
  bool through = false;
  asio::co_spawn(io, net::on_pool(pool, [] {}), [&](std::exception_ptr) { through = true; });
  io.restart();
  std::size_t ran = 0;
  while (!through) ran += io.run_one();
  while (io.poll_one() > 0) ++ran;
  return ran;
}

void artifact_world::settle_with_pool() {
  while (fence() > idle_fence_) {
  }
}

int artifact_world::run(awaitable<int> command) {
  settle(io);
  idle_fence_ = fence();
  std::optional<int> code;
  std::exception_ptr failure;
  asio::co_spawn(io, std::move(command), [&](std::exception_ptr e, int result) {
    failure = e;
    code = result;
  });
  for (settle_with_pool(); !code; settle_with_pool()) {
    if (time.next_deadline() == net::time_source::time_point::max())
      throw std::logic_error("it hangs");
    time.advance(time.next_deadline() - time.now());
  }
  if (failure) std::rethrow_exception(failure);
  return *code;
}

std::chrono::milliseconds artifact_world::elapsed() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.now() - begin_);
}

}  // namespace corunner::test
