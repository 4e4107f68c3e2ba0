// `config schema` and `config reference`: what the declarations of the keys say.

#include "config/reference.hpp"
#include "config/schema.hpp"
#include "runner/command/commands.hpp"
#include "runner/command/terminal.hpp"
#include "runner/job/feature_flag_reference.hpp"

namespace corunner {

namespace {

class print_command final : public command {
 public:
  explicit print_command(std::string (*make)()) : make_(make) {}

  std::vector<flag> flags() override { return {}; }

  awaitable<int> run(std::vector<std::string>) override {
    terminal().write(make_());
    co_return 0;
  }

 private:
  std::string (*make_)();
};

std::string whole_reference() { return config::reference_page() + feature_flag_reference(); }

}  // namespace

std::unique_ptr<command> make_config_schema(services&) {
  return std::make_unique<print_command>(config::json_schema);
}

std::unique_ptr<command> make_config_reference(services&) {
  return std::make_unique<print_command>(whole_reference);
}

}  // namespace corunner
