#include "exec/script/cmd_writer.hpp"

#include "exec/script/cmd_quoting.hpp"
#include "exec/script/shell_texts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace corunner::exec {
namespace {

constexpr std::string_view end_of_line = "\r\n";

std::string call(shell_writer::words const& words, std::string (*quote)(std::string_view)) {
  std::string text;
  for (auto const& word : words) {
    text += text.empty() ? quote_cmd_program(word) : ' ' + quote(word);
  }
  return text;
}

// A quoted path without its quotation marks.
std::string bare_path(std::string_view path) {
  auto const quoted = quote_cmd_path(path);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

cmd_writer::cmd_writer(shell_writer_options how) : how_(std::move(how)) {}

void cmd_writer::line(std::string_view text) {
  body_ += text;
  body_ += end_of_line;
}

void cmd_writer::check() { line("if %errorlevel% neq 0 exit /b %errorlevel%"); }

// What a condition has found out is not the result of what follows.
void cmd_writer::reset_error() { line("type nul >nul"); }

// --- variables

void cmd_writer::variable(std::string_view name, std::string_view literal) {
  auto const& temporary = how_.temporary_directory;
  bool const is_relative_temporary =
      !temporary.empty() && absolute(temporary) != temporary && literal.starts_with(temporary);
  if (is_relative_temporary) return file_variable_path(name, absolute(literal));
  line(fmt::format("set {}={}", escape_cmd(name), escape_cmd(literal)));
}

void cmd_writer::active_variable(std::string_view name, std::string_view active) {
  if (active.starts_with(absolute(how_.temporary_directory))) {
    return file_variable_path(name, active);
  }
  auto const quoted = quote_cmd_active(active);
  line(fmt::format("set \"{}={}", name, std::string_view(quoted).substr(1)));
}

void cmd_writer::file_variable_path(std::string_view name, std::string_view path) {
  line(fmt::format("set \"{}={}\"", name, bare_path(path)));
}

void cmd_writer::file_variable(std::string_view name, std::string_view content) {
  make_directory(absolute(how_.temporary_directory));
  write_file(temporary_file(name), content);
  file_variable_path(name);
}

void cmd_writer::file_variable_path(std::string_view name) {
  file_variable_path(name, temporary_file(name));
}

// `set` splits each line at its first `=`; blank lines are none to `for`.
void cmd_writer::source_env(std::string_view path) {
  if_file(path);
  otherwise();
  make_directory(absolute(how_.temporary_directory));
  write_file(path, "");
  end_if();
  line(fmt::format("for /f \"usebackq eol== delims=\" %%a in ({}) do set \"%%a\" >nul 2>nul",
                   quote_cmd_path(path)));
  reset_error();
}

// --- commands

void cmd_writer::command(words const& literals) {
  line(call(literals, quote_cmd_argument));
  check();
}

void cmd_writer::command_expand(words const& actives) {
  line(call(actives, quote_cmd_active));
  check();
}

void cmd_writer::command_with(variables const& literal_values, words const& literals) {
  line("setlocal");
  for (auto const& [name, value] : literal_values) variable(name, value);
  line(call(literals, quote_cmd_argument));
  line("endlocal");
  check();
}

// By a file: both sides of a pipe would be shells of their own.
void cmd_writer::command_with_input(std::string_view input, words const& literals,
                                    bool best_effort) {
  auto const file = temporary_file("gitlab_runner_input");
  make_directory(absolute(how_.temporary_directory));
  write_file(file, std::string(input) + '\n');
  line(fmt::format("{} <{}", call(literals, quote_cmd_argument), quote_cmd_path(file)));
  line("set _runner_code=%errorlevel%");
  line(fmt::format("del /f /q {}", quote_cmd_path(file)));
  if (best_effort) return reset_error();
  line("if %_runner_code% neq 0 exit /b %_runner_code%");
}

void cmd_writer::user_commands(std::vector<std::string> const& commands,
                               std::string_view /*section_prefix*/) {
  if (commands.empty()) return;
  line("setlocal enableDelayedExpansion");
  for (auto const& command : commands) {
    auto const text = trimmed(command);
    if (text.empty()) {
      empty_line();
      continue;
    }
    echo(fmt::format("{}{}{}", bold_green, heading_of(text), reset), true);
    for (char const c : text) {
      if (c == '\r') continue;
      if (c == '\n') body_ += '\r';
      body_ += c;
    }
    body_ += end_of_line;
    // The one form that is right inside of parentheses, which an entry may open and another close.
    line("if !errorlevel! neq 0 exit /b !errorlevel!");
  }
  line("setlocal disableDelayedExpansion");
}

// --- conditions

// Jumps to the other branch where `unless` holds.
void cmd_writer::begin_if(std::string_view unless) {
  line(fmt::format("if {} goto runner_else_{}", unless, next_branch_));
  branches_.push_back({next_branch_++, false});
}

void cmd_writer::if_directory(std::string_view path) {
  // Even an empty one holds `.`, and a file holds nothing.
  begin_if(fmt::format("not exist \"{}\\*\"", bare_path(path)));
}

void cmd_writer::if_file(std::string_view path) {
  begin_if(fmt::format("not exist {}", quote_cmd_path(path)));
}

void cmd_writer::if_readable(std::string_view path) {
  line(fmt::format("type {} >nul 2>nul", quote_cmd_path(path)));
  begin_if("%errorlevel% neq 0");
}

void cmd_writer::if_file_has_lines(std::string_view /*path*/, words const& /*literals*/) {
  begin_if("1==1");
}

void cmd_writer::if_command(words const& literals) {
  line(call(literals, quote_cmd_argument) + " >nul 2>nul");
  begin_if("%errorlevel% neq 0");
}

void cmd_writer::if_git_lfs() { if_command({"git", "lfs", "version"}); }

void cmd_writer::if_command_with_output(words const& literals) {
  line(call(literals, quote_cmd_argument));
  begin_if("%errorlevel% neq 0");
}

void cmd_writer::if_command_with_output_expand(words const& actives) {
  line(call(actives, quote_cmd_active));
  begin_if("%errorlevel% neq 0");
}

// "git version 2.49.0.windows.1" has its numbers in words 3 to 5; what is no number counts as 0.
void cmd_writer::if_git_version_at_least(std::string_view version) {
  auto const wanted = version_fields(version);
  line("set /a _runner_1=0, _runner_2=0, _runner_3=0");
  line("for /f \"tokens=3-5 delims=.- \" %%a in ('git version 2^>nul') do "
       "set /a _runner_1=%%a+0, _runner_2=%%b+0, _runner_3=%%c+0");
  line("set _runner_old=1");
  line(fmt::format("if %_runner_1% gtr {} set _runner_old=0", wanted[0]));
  line(fmt::format("if %_runner_1% equ {} if %_runner_2% gtr {} set _runner_old=0", wanted[0],
                   wanted[1]));
  line(fmt::format(
      "if %_runner_1% equ {} if %_runner_2% equ {} if %_runner_3% geq {} set _runner_old=0",
      wanted[0], wanted[1], wanted[2]));
  begin_if("%_runner_old% equ 1");
  echo(fmt::format("Git version at least \"{}\"", version));
}

void cmd_writer::otherwise() {
  auto& current = branches_.back();
  current.has_else = true;
  line(fmt::format("goto runner_end_{}", current.number));
  line(fmt::format(":runner_else_{}", current.number));
  reset_error();
}

void cmd_writer::end_if() {
  auto const ended = branches_.back();
  branches_.pop_back();
  line(fmt::format(":runner_{}_{}", ended.has_else ? "end" : "else", ended.number));
  if (!ended.has_else) reset_error();
}

// --- what the log shows

void cmd_writer::echo(std::string_view literal, bool delayed) {
  line("echo:" + escape_cmd(literal, delayed ? cmd_expansion::delayed : cmd_expansion::immediate));
}

void cmd_writer::print(std::string_view literal) { echo(fmt::format("{}{}", reset, literal)); }

void cmd_writer::notice(std::string_view literal) {
  echo(fmt::format("{}{}{}", bold_green, literal, reset));
}

void cmd_writer::warning(std::string_view literal) {
  echo(fmt::format("{}{}{}", yellow, literal, reset));
}

void cmd_writer::error(std::string_view literal) {
  echo(fmt::format("{}{}{}", bold_red, literal, reset));
}

void cmd_writer::empty_line() { line("echo:"); }

void cmd_writer::running_on(std::string_view runner_host) {
  auto const host =
      how_.host_name.empty() ? std::string("%COMPUTERNAME%") : escape_cmd(how_.host_name);
  auto const via = runner_host.empty() ? std::string() : fmt::format(" via {}", runner_host);
  line(fmt::format("echo:Running on {}{}...", host, escape_cmd(via)));
}

void cmd_writer::section_start(std::string_view /*name*/, std::string_view header) {
  notice(header);
}

void cmd_writer::section_end(std::string_view /*name*/) {}

// --- the frame

std::string cmd_writer::finish(bool trace) {
  // Old scripts put a line break into a text as !nl!.
  return fmt::format(
             "@echo {1}{0}setlocal enableExtensions disableDelayedExpansion{0}set nl=^{0}{0}{0}",
             end_of_line, trace ? "on" : "off") +
         std::exchange(body_, {}) + fmt::format("exit /b 0{}", end_of_line);
}

}  // namespace corunner::exec
