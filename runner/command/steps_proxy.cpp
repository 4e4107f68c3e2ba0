#include "runner/helper/steps_proxy.hpp"

#include "runner/command/commands.hpp"

namespace corunner {
namespace {

// Runs in the build container of a job with native steps (helper.md 11).
class steps_proxy_command final : public command {
 public:
  explicit steps_proxy_command(services& all) : all_(all) {}

  std::vector<flag> flags() override {
    return {{"socket", &socket_, "The socket of the server of native steps", ""}};
  }

  awaitable<int> run(std::vector<std::string>) override {
    auto const failure = co_await steps_proxy(all_.time, {.socket = socket_});
    if (failure.empty()) co_return 0;
    all_.log.fatal(failure);
    co_return 1;
  }

 private:
  services& all_;
  std::string socket_ = default_steps_socket().string();
};

}  // namespace

std::unique_ptr<command> make_steps_proxy(services& all) {
  return std::make_unique<steps_proxy_command>(all);
}

}  // namespace corunner
