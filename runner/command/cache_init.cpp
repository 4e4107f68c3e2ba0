#include "runner/cache/open_directories.hpp"
#include "runner/command/commands.hpp"

namespace corunner {
namespace {

// The command of the containers that prepare volumes (helper.md 11).
class cache_init_command final : public command {
 public:
  explicit cache_init_command(services& all) : all_(all) {}

  std::vector<flag> flags() override { return {}; }

  awaitable<int> run(std::vector<std::string> arguments) override {
    co_return open_directories(all_.log, arguments);
  }

 private:
  services& all_;
};

}  // namespace

std::unique_ptr<command> make_cache_init(services& all) {
  return std::make_unique<cache_init_command>(all);
}

}  // namespace corunner
