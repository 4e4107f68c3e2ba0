#include "runner/command/commands.hpp"
#include "runner/helper/install_program.hpp"

#include <filesystem>
#include <system_error>

namespace corunner {
namespace {

namespace fs = std::filesystem;

// What a `concrete` helper image carries beside the program, at the root of its file system.
constexpr std::string_view companions[] = {"ca-certs.pem", "git"};

// Puts this program where the containers of a job find it (helper.md 11).
class steps_bootstrap_command final : public command {
 public:
  explicit steps_bootstrap_command(services& all) : all_(all) {}

  std::vector<flag> flags() override { return {}; }

  awaitable<int> run(std::vector<std::string> arguments) override {
    if (arguments.size() != 1) {
      all_.log.fatal("expected one argument, the path of the copy");
      co_return 1;
    }
    fs::path const destination = arguments.front();
    if (error_code const failed = install_program(destination, 0755, 0755)) {
      all_.log.fatal("cannot make " + destination.string() + ": " + failed.message());
      co_return 1;
    }
    co_return copy_companions(destination.parent_path()) ? 0 : 1;
  }

 private:
  bool copy_companions(fs::path const& directory) {
    constexpr auto how = fs::copy_options::recursive | fs::copy_options::overwrite_existing |
                         fs::copy_options::copy_symlinks;
    for (auto const name : companions) {
      std::error_code failed;
      auto const from = fs::path("/") / name;
      if (!fs::exists(from, failed)) continue;
      fs::copy(from, directory / name, how, failed);
      if (!failed) continue;
      all_.log.fatal("cannot copy " + from.string() + ": " + failed.message());
      return false;
    }
    return true;
  }

  services& all_;
};

}  // namespace

std::unique_ptr<command> make_steps_bootstrap(services& all) {
  return std::make_unique<steps_bootstrap_command>(all);
}

}  // namespace corunner
