#include "exec/script/bash_writer.hpp"

#include "exec/script/quoting.hpp"
#include "exec/script/shell_texts.hpp"

#include <fmt/format.h>

#include <utility>

namespace corunner::exec {
namespace {

// The subshell repeats the trap: bash resets traps there, and without one it would report the
// text of what was interrupted, which is the whole body.
constexpr std::string_view end_on_term = "trap 'exit 1' TERM";

}  // namespace

bash_writer::bash_writer(shell_writer_options how) : how_(std::move(how)) {}

std::string bash_writer::quote(std::string_view literal) const {
  return how_.posix_escapes ? quote_posix(literal) : quote_ansi_c(literal);
}

std::string bash_writer::command_text(words const& literals) const {
  std::string text;
  for (auto const& word : literals) {
    if (!text.empty()) text += ' ';
    text += quote(word);
  }
  return text;
}

std::string bash_writer::command_expand_text(words const& actives) const {
  std::string text;
  for (auto const& word : actives) {
    text += text.empty() ? quote(word) : ' ' + quote_active(word);
  }
  return text;
}

void bash_writer::line(std::string_view text) {
  body_.append(2 * branches_.size(), ' ');
  body_ += text;
  body_ += '\n';
}

// errexit does the same unless something masks it, as `set +e` of the user does.
void bash_writer::check() {
  if (!how_.exit_code_check) return;
  line("_runner_exit_code=$?; [ $_runner_exit_code -eq 0 ] || exit $_runner_exit_code");
}

// --- variables

void bash_writer::variable(std::string_view name, std::string_view literal) {
  auto const& temporary = how_.temporary_directory;
  bool const is_relative_temporary = !temporary.empty() && temporary.front() != '/' &&
                                     temporary.front() != '$' && literal.starts_with(temporary);
  if (is_relative_temporary) return active_variable(name, absolute(literal));
  line(fmt::format("export {}={}", quote(name), quote(literal)));
}

void bash_writer::active_variable(std::string_view name, std::string_view active) {
  line(fmt::format("export {}={}", quote(name), quote_active(active)));
}

void bash_writer::file_variable(std::string_view name, std::string_view content) {
  make_directory(absolute(how_.temporary_directory));
  write_content(temporary_file(name), content);
  file_variable_path(name);
}

void bash_writer::file_variable_path(std::string_view name) {
  line(fmt::format("export {}={}", quote(name), quote_path(temporary_file(name))));
}

void bash_writer::source_env(std::string_view path) {
  auto const file = quote_path(path);
  begin_if(fmt::format("[ ! -e {} ]", file));
  make_directory(absolute(how_.temporary_directory));
  write_content(path, "");
  end_if();
  // A last line without its newline counts too; `export` does not evaluate what it is given.
  line(fmt::format("while read -r _runner_line || [ -n \"$_runner_line\" ]; do "
                   "export \"$_runner_line\"; done < {}",
                   file));
}

// --- commands

void bash_writer::command(words const& literals) {
  line(command_text(literals));
  check();
}

void bash_writer::command_expand(words const& actives) {
  line(command_expand_text(actives));
  check();
}

void bash_writer::command_with(variables const& literal_values, words const& literals) {
  std::string text;
  for (auto const& [name, value] : literal_values) {
    text += fmt::format("{}={} ", name, quote(value));
  }
  line(text + command_text(literals));
  check();
}

void bash_writer::command_with_input(std::string_view input, words const& literals,
                                     bool best_effort) {
  line(fmt::format("printf '%s\\n' {} | {}{}", quote(input), command_text(literals),
                   best_effort ? " || :" : ""));
  check();
}

void bash_writer::user_commands(std::vector<std::string> const& commands,
                                std::string_view section_prefix) {
  for (std::size_t i = 0; i != commands.size(); ++i) {
    auto const text = trimmed(commands[i]);
    if (text.empty()) {
      empty_line();
      continue;
    }
    announce_command(*this, text, how_.script_sections,
                     fmt::format("section_{}_{}", section_prefix, i));
    // Never indented: a here-document of the user must keep its lines.
    body_ += text;
    body_ += '\n';
    check();
  }
}

// --- conditions

void bash_writer::begin_if(std::string_view condition) {
  line(fmt::format("if {}; then", condition));
  branches_.push_back(body_.size());
}

// A branch without a command is a syntax error.
void bash_writer::end_branch() {
  if (body_.size() == branches_.back()) line(":");
  branches_.pop_back();
}

void bash_writer::if_directory(std::string_view path) {
  begin_if(fmt::format("[ -d {} ]", quote_path(path)));
}

void bash_writer::if_file(std::string_view path) {
  begin_if(fmt::format("[ -e {} ]", quote_path(path)));
}

void bash_writer::if_readable(std::string_view path) {
  begin_if(fmt::format("[ -r {} ]", quote_path(path)));
}

// `read` takes the blanks off.
void bash_writer::if_file_has_lines(std::string_view path, words const& literals) {
  auto const file = quote_path(path);
  std::string wanted = "\n";
  for (auto const& one : literals) wanted += one + '\n';
  begin_if(fmt::format("[ -f {0} ] && {{ _runner_lines={1}; while read -r _runner_line; do "
                       "_runner_lines=\"$_runner_lines$_runner_line\"{1}; done < {0}; "
                       "case \"$_runner_lines\" in *{2}*) ;; *) false ;; esac; }}",
                       file, quote("\n"), quote(wanted)));
}

void bash_writer::if_command(words const& literals) {
  begin_if(command_text(literals) + " >/dev/null 2>&1");
}

void bash_writer::if_command_with_output(words const& literals) {
  begin_if(command_text(literals));
}

void bash_writer::if_command_with_output_expand(words const& actives) {
  begin_if(command_expand_text(actives));
}

void bash_writer::if_git_version_at_least(std::string_view version) {
  auto const wanted = version_fields(version);
  // "git version 2.49.0.windows.1" becomes $3 $4 $5; a field that is no number counts as lower.
  begin_if(fmt::format(
      "(set -f; IFS=' .-'; set -- $(git version); "
      "[ \"${{3:-0}}\" -gt {0} ] || {{ [ \"${{3:-0}}\" -eq {0} ] && "
      "{{ [ \"${{4:-0}}\" -gt {1} ] || "
      "{{ [ \"${{4:-0}}\" -eq {1} ] && [ \"${{5:-0}}\" -ge {2} ]; }}; }}; }}) "
      "2>/dev/null",
      wanted[0], wanted[1], wanted[2]));
  echo(fmt::format("Git version at least \"{}\"", version));
}

// git takes long to find out that it has no such command. It looks in a directory of its own, too.
void bash_writer::if_git_lfs() {
  begin_if("PATH=\"$PATH:${GIT_EXEC_PATH:-/usr/lib/git-core:/usr/libexec/git-core}\" "
           "command -v git-lfs >/dev/null 2>&1 && git lfs version >/dev/null 2>&1");
}

void bash_writer::otherwise() {
  end_branch();
  line("else");
  branches_.push_back(body_.size());
}

void bash_writer::end_if() {
  end_branch();
  line("fi");
}

// --- what the log shows

// echo, because a shell under xtrace shows its name; where echo means to interpret backslashes
// (dash), printf keeps the bytes.
void bash_writer::echo(std::string_view literal) {
  line(fmt::format("{} {}", how_.shell == "bash" ? "echo" : "printf '%s\\n'", quote(literal)));
}

void bash_writer::print(std::string_view literal) { echo(fmt::format("{}{}", reset, literal)); }

void bash_writer::notice(std::string_view literal) {
  echo(fmt::format("{}{}{}", bold_green, literal, reset));
}

void bash_writer::warning(std::string_view literal) {
  echo(fmt::format("{}{}{}", yellow, literal, reset));
}

void bash_writer::error(std::string_view literal) {
  echo(fmt::format("{}{}{}", bold_red, literal, reset));
}

void bash_writer::empty_line() { line("echo"); }

void bash_writer::running_on(std::string_view runner_host) {
  auto const via = runner_host.empty() ? std::string() : fmt::format(" via {}", runner_host);
  if (!how_.host_name.empty()) {
    return echo(fmt::format("Running on {}{}...", how_.host_name, via));
  }
  line(fmt::format("echo \"Running on ${{HOSTNAME:-$(hostname)}}\"{}...",
                   via.empty() ? via : quote(via)));
}

void bash_writer::section_start(std::string_view name, std::string_view header) {
  line(fmt::format("printf "
                   "'section_start:%s:%s[hide_duration=true,collapsed=true]\\r\\033[0K%s\\n' "
                   "\"${{EPOCHSECONDS:-$(date +%s)}}\" {} {}",
                   quote(name), quote(fmt::format("{}{}{}", bold_green, header, reset))));
}

void bash_writer::section_end(std::string_view name) {
  line(fmt::format("printf 'section_end:%s:%s\\r\\033[0K\\n' \"${{EPOCHSECONDS:-$(date +%s)}}\" {}",
                   quote(name)));
}

// --- the frame

std::string bash_writer::finish(bool trace) {
  std::string script = fmt::format("#!/usr/bin/env {}\n\n{}\n", how_.shell, end_on_term);
  if (trace) script += "set -o xtrace\n";
  script +=
      "if [ -n \"${BASH_VERSION-}\" ]; then set -o pipefail; else "
      "case \"$(set -o)\" in *pipefail*) set -o pipefail ;; esac; fi\n"
      "set -o errexit\n"
      "set +o noclobber\n";
  auto const body = quote(body_);
  script += how_.legacy_eval ? fmt::format(": | eval {}\n", body)
                             : fmt::format("({}; eval {}) < /dev/null\n", end_on_term, body);
  script += "exit 0\n";
  body_.clear();
  return script;
}

}  // namespace corunner::exec
