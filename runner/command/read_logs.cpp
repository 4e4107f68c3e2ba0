#include "runner/helper/read_logs.hpp"

#include "runner/command/commands.hpp"
#include "runner/helper/standard_output.hpp"

#include <unistd.h>

namespace corunner {
namespace {

// Runs in the helper container of a pod (helper.md 11).
class read_logs_command final : public command {
 public:
  explicit read_logs_command(services& all) : all_(all) {}

  std::vector<flag> flags() override {
    return {
        {"path", &path_, "The log file", ""},
        {"offset", &options_.offset, "Where to begin, in bytes", ""},
        {"wait-file-timeout", &wait_, "How long the file may take to appear, in whole seconds", ""},
    };
  }

  awaitable<int> run(std::vector<std::string>) override {
    options_.path = path_;
    options_.wait_for_file = wait_;
    co_return co_await read_logs(all_.time, options_,
                                 [](std::string_view text) { write_whole(STDOUT_FILENO, text); });
  }

 private:
  services& all_;
  read_logs_options options_;
  std::string path_;
  config::duration wait_ = options_.wait_for_file;
};

}  // namespace

std::unique_ptr<command> make_read_logs(services& all) {
  return std::make_unique<read_logs_command>(all);
}

}  // namespace corunner
