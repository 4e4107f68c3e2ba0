#include "runner/command/help_text.hpp"

#include "runner/command/version.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner {

namespace {

std::string command_list(std::span<command_entry const> commands) {
  constexpr std::string_view help_names = "help, h";
  auto width = help_names.size();
  for (command_entry const& each : commands) {
    if (each.shown == visibility::shown) width = std::max(width, each.name.size());
  }
  std::string out;
  auto const add = [&](std::string_view name, std::string_view summary) {
    out += fmt::format("   {:<{}}  {}\n", name, width, summary);
  };
  for (command_entry const& each : commands) {
    if (each.shown == visibility::shown) add(each.name, each.summary);
  }
  add(help_names, "list the commands or explain one");
  return out;
}

}  // namespace

std::string application_help(std::string_view program, std::span<command_entry const> commands,
                             std::vector<flag> const& global) {
  return fmt::format(
      "NAME:\n   {0} - a GitLab Runner\n\n"
      "USAGE:\n   {0} [global options] command [command options] [arguments...]\n\n"
      "VERSION:\n   {1} ({2})\n\n"
      "COMMANDS:\n{3}\n"
      "GLOBAL OPTIONS:\n{4}",
      program, version().version, version().revision, command_list(commands),
      describe_flags(global));
}

std::string command_help(std::string_view program, std::string_view name, command_entry const& which,
                         std::vector<flag> const& flags) {
  auto out = fmt::format(
      "NAME:\n   {0} {1} - {2}\n\n"
      "USAGE:\n   {0} {1} [command options] {3}\n",
      program, name, which.summary, which.arguments);
  if (!flags.empty()) out += "\nOPTIONS:\n" + describe_flags(flags) + "   \n";
  return out;
}

std::string group_help(std::string_view program, command_entry const& which) {
  return fmt::format(
      "NAME:\n   {0} {1} - {2}\n\n"
      "USAGE:\n   {0} {1} command [command options] [arguments...]\n\n"
      "COMMANDS:\n{3}",
      program, which.name, which.summary, command_list(which.below));
}

std::string version_block() {
  auto const& facts = version();
  return fmt::format(
      "Version:      {}\n"
      "Git revision: {}\n"
      "Git branch:   {}\n"
      "GO version:   {}\n"
      "Built:        {}\n"
      "OS/Arch:      {}/{}\n",
      facts.version, facts.revision, facts.branch, facts.compiler, facts.built, facts.os,
      facts.arch);
}

}  // namespace corunner
