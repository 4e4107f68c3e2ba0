// `uninstall`, `start`, `stop`, `restart`: what the init system does with the service. cli.md 9

#include "runner/command/commands.hpp"
#include "runner/command/service_access.hpp"

#include <fmt/format.h>

namespace corunner {

namespace {

using action = awaitable<service_control::trouble> (service_control::*)(std::string name,
                                                                        bool of_user);

class service_command final : public command {
 public:
  service_command(services& all, std::string_view name, action what)
      : all_(all), service_(all), name_(name), what_(what) {}

  std::vector<flag> flags() override { return service_.flags(); }

  awaitable<int> run(std::vector<std::string>) override {
    auto const failed = co_await (service_.control().*what_)(service_.name(), service_.of_user());
    if (!failed) co_return 0;
    all_.log.fatal(fmt::format("Failed to {} {}: {}", name_, service_.name(), *failed));
    co_return 1;
  }

 private:
  services& all_;
  service_access service_;
  std::string_view name_;
  action what_;
};

}  // namespace

std::unique_ptr<command> make_uninstall(services& all) {
  return std::make_unique<service_command>(all, "uninstall", &service_control::uninstall);
}
std::unique_ptr<command> make_start(services& all) {
  return std::make_unique<service_command>(all, "start", &service_control::start);
}
std::unique_ptr<command> make_stop(services& all) {
  return std::make_unique<service_command>(all, "stop", &service_control::stop);
}
std::unique_ptr<command> make_restart(services& all) {
  return std::make_unique<service_command>(all, "restart", &service_control::restart);
}

}  // namespace corunner
