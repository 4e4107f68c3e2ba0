#include "runner/command/help_text.hpp"

#include "runner/command/help_pages.hpp"
#include "runner/command/terminal.hpp"
#include "runner/command/version.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>

namespace corunner {

namespace {

// Commands that jobs call, not people.
bool is_told(command_entry const& which, extent how_much) {
  return which.shown == visibility::shown && (how_much == extent::all || !which.in_helper);
}

std::string command_list(std::span<command_entry const> commands, extent how_much) {
  constexpr std::string_view help_names = "help, h";
  auto width = help_names.size();
  for (command_entry const& each : commands) {
    if (is_told(each, how_much)) width = std::max(width, each.name.size());
  }
  std::string out;
  auto const add = [&](std::string_view name, std::string_view summary) {
    out += fmt::format("   {:<{}}  {}\n", name, width, summary);
  };
  for (command_entry const& each : commands) {
    if (is_told(each, how_much)) add(each.name, each.summary);
  }
  add(help_names, "list the commands or explain one");
  return out;
}

// "   corunner run --once  one job", aligned; with the heading, or nothing.
std::string example_lines(std::string_view program, std::string_view command) {
  std::size_t width = 0;
  for (example const& each : all_examples()) {
    if (each.command == command && !each.about.empty()) width = std::max(width, each.words.size());
  }
  std::string out;
  for (example const& each : all_examples()) {
    if (each.command != command) continue;
    if (out.empty()) out = "\nEXAMPLES:\n";
    out += each.about.empty()
               ? fmt::format("   {} {}\n", program, each.words)
               : fmt::format("   {} {:<{}}  # {}\n", program, each.words, width, each.about);
  }
  return out;
}

bool is_named(flag const& which, std::string_view list) {
  for (auto const name : which.each_name()) {
    for (auto rest = list; !rest.empty();) {
      auto const one = rest.substr(0, rest.find(", "));
      if (one == name) return true;
      rest.remove_prefix(std::min(rest.size(), one.size() + 2));
    }
  }
  return false;
}

// The main flags by group, without variables and defaults; empty: the command has few flags.
std::string main_options(std::string_view program, std::string_view name,
                         std::vector<flag> const& flags) {
  std::string out;
  for (flag_group const& group : main_flags()) {
    if (group.command != name) continue;
    std::vector<flag> chosen;
    std::ranges::copy_if(flags, std::back_inserter(chosen),
                         [&](flag const& each) { return is_named(each, group.flags); });
    out += fmt::format("  {}\n{}", group.title, describe_flags(chosen, describing::briefly));
  }
  if (out.empty()) return out;
  return fmt::format("{}\n{} options in all: {} {} --help-all\n", out, flags.size(), program, name);
}

}  // namespace

extent help_extent(bool all_of_help) {
  return all_of_help || ::isatty(STDOUT_FILENO) != 1 ? extent::all : extent::main;
}

std::string application_help(std::string_view program, std::span<command_entry const> commands,
                             std::vector<flag> const& global, extent how_much) {
  return fmt::format(
      "NAME:\n   {0} - a GitLab Runner\n\n"
      "USAGE:\n   {0} [global options] command [command options] [arguments...]\n\n"
      "VERSION:\n   {1} ({2})\n\n"
      "COMMANDS:\n{3}\n"
      "GLOBAL OPTIONS:\n{4}{5}",
      program, version().version, version().revision, command_list(commands, how_much),
      describe_flags(global), example_lines(program, ""));
}

std::string command_help(std::string_view program, std::string_view name,
                         command_entry const& which, std::vector<flag> const& flags,
                         extent how_much) {
  auto out = fmt::format(
      "NAME:\n   {0} {1} - {2}\n\n"
      "USAGE:\n   {0} {1} {3}{4}\n",
      program, name, which.summary, flags.empty() ? "" : "[command options] ", which.arguments);
  out += example_lines(program, name);
  if (flags.empty()) return out;
  out += "\nOPTIONS:\n";
  auto const main = how_much == extent::main ? main_options(program, name, flags) : "";
  return out + (main.empty() ? describe_flags(flags) + "   \n" : main);
}

std::string group_help(std::string_view program, command_entry const& which,
                       std::vector<flag> flags) {
  bool help = false;
  flags.push_back({"help, h", &help, "show help", ""});
  return fmt::format(
      "NAME:\n   {0} {1} - {2}\n\n"
      "USAGE:\n   {0} {1} command [command options] [arguments...]\n\n"
      "COMMANDS:\n{3}\n"
      "OPTIONS:\n{4}   \n{5}",
      program, which.name, which.summary, command_list(which.below, extent::all),
      describe_flags(flags), example_lines(program, which.name));
}

std::string help_of_help(std::string_view program) {
  return fmt::format(
      "NAME:\n   {0} help - list the commands or explain one\n\n"
      "USAGE:\n   {0} help [command]\n",
      program);
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

void print_help(std::string_view text) {
  terminal const screen;
  std::string out;
  while (!text.empty()) {
    auto const line = text.substr(0, text.find('\n'));
    bool const heading = !line.empty() && line.front() != ' ' && line.back() == ':';
    out += heading ? screen.styled("1", line) : std::string(line);
    text.remove_prefix(line.size());
    if (text.empty()) break;
    out += '\n';
    text.remove_prefix(1);
  }
  screen.write(out);
}

}  // namespace corunner
