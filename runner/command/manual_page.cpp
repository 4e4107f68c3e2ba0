#include "runner/command/manual_page.hpp"

#include "runner/command/global_options.hpp"
#include "runner/command/help_pages.hpp"
#include "runner/command/version.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner {

namespace {

// Text as it is: no request at the begin of a line, no escape, and dashes that can be copied.
std::string escaped(std::string_view text) {
  std::string out;
  if (text.starts_with('.') || text.starts_with('\'')) out = "\\&";
  for (char const c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if (c == '\'') {
      out += "\\(aq";
    } else if (c == '"') {
      out += "\\(dq";
    } else {
      out += c;
    }
  }
  return out;
}

std::string bold(std::string_view text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string slanted(std::string_view text) { return "\\fI" + escaped(text) + "\\fR"; }

std::string head(std::string_view program, std::string_view command, std::string_view summary,
                 std::string_view synopsis) {
  auto const& facts = version();
  auto const name = manual_name(program, command);
  auto const words =
      command.empty() ? std::string(program) : fmt::format("{} {}", program, command);
  return fmt::format(
      ".TH \"{}\" \"1\" \"{}\" \"{} {}\"\n.ad l\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n{}\n{}\n",
      escaped(name), facts.built.substr(0, 10), program, facts.version, escaped(name),
      escaped(summary), bold(words), escaped(synopsis));
}

std::string names_of(flag const& what) {
  std::string out;
  for (auto const name : what.each_name()) {
    if (!out.empty()) out += ", ";
    out += bold((name.size() == 1 ? "-" : "--") + std::string(name));
    if (!config::is_switch(what.target)) out += ' ' + slanted(what.value_name);
  }
  return out;
}

std::string options(std::string_view heading, std::vector<flag> const& flags) {
  if (flags.empty()) return "";
  auto out = fmt::format(".SH {}\n", heading);
  for (flag const& each : flags) {
    out += fmt::format(".TP\n{}\n{}\n", names_of(each), escaped(each.doc.empty() ? "-" : each.doc));
    if (!each.choices.empty()) {
      out += ".br\n" + escaped(fmt::format("One of {}.", fmt::join(each.choices, ", "))) + '\n';
    }
    if (auto const standing = default_of(each); !standing.empty()) {
      out += fmt::format(".br\nDefault: {}.\n", escaped(standing));
    }
    if (!each.variable.empty()) out += fmt::format(".br\nVariable: {}.\n", bold(each.variable));
  }
  return out;
}

std::string examples(std::string_view program, std::string_view command) {
  std::string out;
  for (example const& each : all_examples()) {
    if (each.command != command) continue;
    if (out.empty()) out = ".SH EXAMPLES\n";
    out += fmt::format(".TP\n{}\n{}\n", bold(fmt::format("{} {}", program, each.words)),
                       each.about.empty() ? "\\&" : escaped(each.about));
  }
  return out;
}

}  // namespace

std::string manual_name(std::string_view program, std::string_view command) {
  auto name = command.empty() ? std::string(program) : fmt::format("{}-{}", program, command);
  std::ranges::replace(name, ' ', '-');
  return name;
}

std::string program_manual(std::string_view program) {
  auto out = head(program, "", "takes jobs of GitLab CI/CD and runs pipelines",
                  "[global options] command [options] [arguments...]");
  out += ".SH COMMANDS\n";
  for (called_command const& each : callable_commands()) {
    if (each.which->shown == visibility::hidden) continue;
    out += fmt::format(".TP\n{}\n{}: see {}(1).\n", bold(each.name), escaped(each.which->summary),
                       bold(manual_name(program, each.name)));
  }
  return out + options("GLOBAL OPTIONS", global_options().flags()) + examples(program, "");
}

std::string command_manual(std::string_view program, called_command const& of,
                           std::vector<flag> const& flags, std::vector<flag> const& group_flags) {
  auto const of_group =
      of.group ? fmt::format("OPTIONS OF {} {}", program, of.group->name) : std::string();
  return head(program, of.name, of.which->summary,
              fmt::format("[options] {}", of.which->arguments)) +
         options("OPTIONS", flags) + options(of_group, group_flags) + examples(program, of.name) +
         fmt::format(".SH SEE ALSO\n{}(1)\n", bold(program));
}

}  // namespace corunner
