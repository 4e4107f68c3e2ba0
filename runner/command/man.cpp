// `man`: manual pages, one to standard output or all into a directory.

#include "runner/command/commands.hpp"
#include "runner/command/manual_page.hpp"
#include "runner/command/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace corunner {

namespace {

class man_command final : public command {
 public:
  explicit man_command(services& all) : all_(all) {}

  std::vector<flag> flags() override {
    return {{"directory", &directory_, "write all pages there instead, each as its own file", "",
             "directory"}};
  }

  awaitable<int> run(std::vector<std::string> words) override {
    if (!directory_.empty()) co_return write_all();
    auto const name = fmt::format("{}", fmt::join(words, " "));
    if (name.empty()) {
      terminal().write(program_manual(all_.program));
      co_return 0;
    }
    auto const commands = callable_commands();
    auto const found = std::ranges::find(commands, name, &called_command::name);
    if (found == commands.end()) {
      all_.log.fatal("there is no manual page of '" + name + "': name a command");
      co_return 1;
    }
    terminal().write(page_of(*found));
    co_return 0;
  }

 private:
  std::string page_of(called_command const& which) const {
    auto const* const group = which.group;
    return command_manual(all_.program, which, which.which->make(all_)->flags(),
                          group && group->flags ? group->flags(all_) : std::vector<flag>());
  }

  bool write(std::string_view command, std::string const& page) const {
    auto const file =
        std::filesystem::path(directory_) / (manual_name(all_.program, command) + ".1");
    std::ofstream out(file, std::ios::binary);
    out << page;
    out.close();
    if (!out) all_.log.fatal("cannot write '" + file.string() + "'");
    return static_cast<bool>(out);
  }

  int write_all() const {
    std::error_code ec;
    std::filesystem::create_directories(directory_, ec);
    if (!write("", program_manual(all_.program))) return 1;
    for (called_command const& each : callable_commands()) {
      if (each.which->shown == visibility::shown && !write(each.name, page_of(each))) return 1;
    }
    return 0;
  }

  services& all_;
  std::string directory_;
};

}  // namespace

std::unique_ptr<command> make_man(services& all) { return std::make_unique<man_command>(all); }

}  // namespace corunner
