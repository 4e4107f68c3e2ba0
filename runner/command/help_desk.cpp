#include "runner/command/help_desk.hpp"

#include "config/suggest.hpp"
#include "runner/command/global_options.hpp"
#include "runner/command/help_text.hpp"

#include <algorithm>
#include <array>

namespace corunner {

bool is_help_flag(std::string_view word) {
  constexpr std::array<std::string_view, 4> flags{"-h", "-help", "--help", "--help-all"};
  return std::ranges::find(flags, word) != flags.end();
}

std::string help_desk::application_page(bool all_of_help) const {
  return application_help(all_.program, commands(), global_options().flags(),
                          help_extent(all_of_help));
}

std::string help_desk::group_page(command_entry const& group) const {
  return group_help(all_.program, group, group.flags ? group.flags(all_) : std::vector<flag>());
}

std::vector<command_entry> help_desk::commands() const {
  std::vector<command_entry> ours;
  for (command_entry const& each : all_commands()) {
    if (!helper_ || each.in_helper) ours.push_back(each);
  }
  return ours;
}

command_entry const* help_desk::find(std::string_view name) const {
  for (command_entry const& each : all_commands()) {
    if (each.name == name && (!helper_ || each.in_helper)) return &each;
  }
  return nullptr;
}

int help_desk::not_found(std::string const& name) const { return not_found(name, commands()); }

int help_desk::not_found(std::string const& name, std::span<command_entry const> known) const {
  std::vector<std::string_view> names;
  for (command_entry const& each : known) {
    if (each.shown == visibility::shown) names.push_back(each.name);
  }
  auto const near = config::nearest(name, names);
  all_.log.fatal("Command " + name + " not found." +
                 (near ? " Did you mean '" + std::string(*near) + "'?" : ""));
  return 1;
}

command_entry const* find_command(std::span<command_entry const> all, std::string_view name) {
  for (command_entry const& each : all) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

int help_desk::show(std::vector<std::string> const& words) const {
  if (words.empty()) {
    print_help(application_page(false));
    return 0;
  }
  if (is_help_flag(words.front()) || words.front() == "help" || words.front() == "h") {
    print_help(words.front().ends_with("-all") ? application_page(true)
                                               : help_of_help(all_.program));
    return 0;
  }
  auto const* which = find(words.front());
  if (!which) return not_found(words.front());
  auto name = words.front();
  if (!which->below.empty()) {
    if (words.size() == 1) {
      print_help(group_page(*which));
      return 0;
    }
    auto const* const inner = find_command(which->below, words[1]);
    if (!inner) return not_found(words[1], which->below);
    name += ' ' + words[1];
    which = inner;
  }
  bool const everything = words.back() == "--help-all";
  print_help(command_help(all_.program, name, *which, which->make(all_)->flags(),
                          help_extent(everything)));
  return 0;
}

}  // namespace corunner
