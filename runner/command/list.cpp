#include "runner/command/commands.hpp"
#include "runner/command/config_access.hpp"

namespace corunner {

namespace {

class list_command final : public command {
 public:
  explicit list_command(services& all) : all_(all), file_(all) {}

  std::vector<flag> flags() override { return {file_.flag()}; }

  awaitable<int> run(std::vector<std::string>) override {
    auto const loaded = file_.load();
    if (!loaded) {
      all_.log.warning(loaded.error().message);
      co_return 0;
    }
    all_.log.info("Listing configured runners", {{"ConfigFile", file_.path()}});
    for (auto const& runner : loaded->values.runners) {
      // This command is for getting at the tokens: the one place that shows them whole.
      all_.log.info(runner.name, {{"Executor", runner.executor},
                                  {"Token", runner.token.reveal()},
                                  {"URL", runner.url}});
    }
    co_return 0;
  }

 private:
  services& all_;
  config_access file_;
};

}  // namespace

std::unique_ptr<command> make_list(services& all) { return std::make_unique<list_command>(all); }

}  // namespace corunner
