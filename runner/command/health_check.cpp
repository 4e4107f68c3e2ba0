#include "runner/helper/health_check.hpp"

#include "runner/command/commands.hpp"
#include "runner/helper/standard_output.hpp"

#include <unistd.h>

namespace corunner {
namespace {

// Runs in the container that waits for a job's services (helper.md 11).
class health_check_command final : public command {
 public:
  explicit health_check_command(services& all) : all_(all) {}

  std::vector<flag> flags() override {
    return {
        {"port, p", &ports_, "Port of a service on this host; all that are given must answer", ""}};
  }

  awaitable<int> run(std::vector<std::string>) override {
    health_check_target where{"localhost", ports_, true};
    if (ports_.empty()) {
      std::vector<std::string> entries;
      for (char** entry = environ; *entry; ++entry) entries.emplace_back(*entry);
      where = linked_services(entries);
    }
    if (where.host.empty() || where.ports.empty()) {
      all_.log.fatal("No HOST or PORT found");
      co_return 1;
    }
    co_await wait_for_health(
        all_.connections, all_.time, std::move(where),
        [](std::string_view line) { write_whole(STDOUT_FILENO, std::string(line) + '\n'); });
    co_return 0;
  }

 private:
  services& all_;
  std::vector<std::string> ports_;
};

}  // namespace

std::unique_ptr<command> make_health_check(services& all) {
  return std::make_unique<health_check_command>(all);
}

}  // namespace corunner
