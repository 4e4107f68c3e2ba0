#include "config/violations.hpp"
#include "runner/command/commands.hpp"
#include "runner/command/config_access.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace corunner {

namespace {

class lint_command final : public command {
 public:
  explicit lint_command(services& all) : all_(all), file_(all) {}

  std::vector<flag> flags() override { return {file_.flag()}; }

  awaitable<int> run(std::vector<std::string>) override {
    auto const problem = check();
    if (problem.empty()) {
      all_.log.info("Configuration file is valid.");
      co_return 0;
    }
    all_.log.fatal(problem);
    co_return 1;
  }

 private:
  // What is wrong with the file; empty when nothing is.
  std::string check() const {
    std::error_code ec;
    if (!std::filesystem::exists(file_.path(), ec)) {
      return ec ? fmt::format("accessing config file: stat {}: {}", file_.path(), ec.message())
                : "config file not found: " + file_.path();
    }
    auto const values = config::load_file(file_.path(), all_.variables);
    if (!values) return "decoding config: " + values.error().message;
    if (auto const found = config::violations(*values); !found.empty()) {
      return fmt::format("config schema validation failed:\n{}", fmt::join(found, "\n"));
    }
    auto const unknown = config::unknown_keys(*values);
    if (unknown.empty()) return "";
    auto text = fmt::format("{} unknown key(s) found in {}:", unknown.size(), file_.path());
    for (auto const& name : unknown) text += "\n  unknown key: " + name;
    return text;
  }

  services& all_;
  config_access file_;
};

}  // namespace

std::unique_ptr<command> make_lint(services& all) { return std::make_unique<lint_command>(all); }

}  // namespace corunner
