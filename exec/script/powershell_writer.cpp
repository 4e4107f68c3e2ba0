#include "exec/script/powershell_writer.hpp"

#include "exec/script/powershell_quoting.hpp"
#include "exec/script/shell_texts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace corunner::exec {
namespace {

#ifdef _WIN32
constexpr bool on_windows = true;
#else
constexpr bool on_windows = false;
#endif

// Variables of PowerShell's own that no script may set, in any case of letters. A job variable of
// such a name reaches programs, and the script as $env:NAME.
constexpr std::array<std::string_view, 14> read_only_names{
    "?",      "error",    "executioncontext", "false",     "home",           "host",          "pid",
    "psculture", "psedition", "pshome",       "psuiculture", "psversiontable", "shellid", "true"};

bool is_read_only(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return std::ranges::find(read_only_names, lower) != read_only_names.end();
}

// Inside of ${...}.
std::string braced(std::string_view name) {
  std::string out;
  for (char const c : name) {
    if (c == '{' || c == '}' || c == '`') out += '`';
    out += c;
  }
  return out;
}

std::string call(shell_writer::words const& words, std::string (*quote)(std::string_view)) {
  std::string text = "&";
  for (std::size_t i = 0; i != words.size(); ++i) {
    text += ' ' + (i == 0 ? quote_powershell(words[i]) : quote(words[i]));
  }
  return text;
}

constexpr std::string_view leave =
    "exit $(if ($LASTEXITCODE) { $LASTEXITCODE } else { 1 })";
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

}  // namespace

powershell_writer::powershell_writer(shell_writer_options how)
    : how_(std::move(how)),
      core_(how_.shell == "pwsh"),
      end_of_line_(core_ && !on_windows ? "\n" : "\r\n") {}

void powershell_writer::line(std::string_view text) {
  body_.append(2 * depth_, ' ');
  body_ += text;
  body_ += end_of_line_;
}

void powershell_writer::check() { line(fmt::format("if (!$?) {{ {} }}", leave)); }

// --- variables

void powershell_writer::assign(std::string_view name, std::string const& value) {
  auto const written = braced(name);
  if (!is_read_only(name)) line(fmt::format("${{{}}}={}", written, value));
  line(fmt::format("${{env:{}}}={}", written, value));
}

void powershell_writer::variable(std::string_view name, std::string_view literal) {
  auto const& temporary = how_.temporary_directory;
  bool const is_relative_temporary =
      !temporary.empty() && absolute(temporary) != temporary && literal.starts_with(temporary);
  if (is_relative_temporary) return active_variable(name, absolute(literal));
  assign(name, quote_powershell(literal));
}

void powershell_writer::active_variable(std::string_view name, std::string_view active) {
  assign(name, quote_powershell_active(active));
}

void powershell_writer::file_variable(std::string_view name, std::string_view content) {
  make_directory(absolute(how_.temporary_directory));
  write_file(temporary_file(name), content);
  file_variable_path(name);
}

void powershell_writer::file_variable_path(std::string_view name) {
  active_variable(name, temporary_file(name));
}

void powershell_writer::source_env(std::string_view path) {
  begin_if(fmt::format("!(Test-Path -LiteralPath {})", quote_powershell_active(path)));
  make_directory(absolute(how_.temporary_directory));
  write_file(path, "");
  end_if();
  line("$_runner_lines = @()");
  line(fmt::format("try {{ $_runner_lines = [IO.File]::ReadAllLines({}) }} catch {{ echo {} }}",
                   quote_powershell_active(path),
                   quote_powershell_active(
                       fmt::format("{}Unable to read env file: {}{}", yellow, path, reset))));
  line("foreach ($_runner_line in $_runner_lines) {");
  ++depth_;
  line("$_runner_name, $_runner_value = $_runner_line.Trim() -split '=', 2");
  line("if ($_runner_name) {");
  ++depth_;
  line("Set-Item -LiteralPath \"env:$_runner_name\" -Value \"$_runner_value\"");
  line("Set-Variable -Name $_runner_name -Value \"$_runner_value\" -ErrorAction SilentlyContinue");
  --depth_;
  line("}");
  --depth_;
  line("}");
}

// --- commands

void powershell_writer::command(words const& literals) {
  line(call(literals, quote_powershell));
  check();
}

void powershell_writer::command_expand(words const& actives) {
  line(call(actives, quote_powershell_active));
  check();
}

void powershell_writer::command_with(variables const& literal_values, words const& literals) {
  for (std::size_t i = 0; i != literal_values.size(); ++i) {
    auto const name = braced(literal_values[i].first);
    line(fmt::format("$_runner_saved_{} = ${{env:{}}}", i, name));
    line(fmt::format("${{env:{}}}={}", name, quote_powershell(literal_values[i].second)));
  }
  line(call(literals, quote_powershell));
  line("$_runner_ok = $?");
  for (std::size_t i = 0; i != literal_values.size(); ++i) {
    line(fmt::format("${{env:{}}} = $_runner_saved_{}", braced(literal_values[i].first), i));
  }
  line(fmt::format("if (!$_runner_ok) {{ {} }}", leave));
}

void powershell_writer::command_with_input(std::string_view input, words const& literals,
                                           bool best_effort) {
  auto const piped =
      fmt::format("{} | {}", quote_powershell(input), call(literals, quote_powershell));
  if (best_effort) return line(fmt::format("try {{ {} }} catch {{ }}", piped));
  line(piped);
  check();
}

void powershell_writer::user_commands(std::vector<std::string> const& commands,
                                      std::string_view section_prefix) {
  for (std::size_t i = 0; i != commands.size(); ++i) {
    auto const text = trimmed(commands[i]);
    if (text.empty()) {
      empty_line();
      continue;
    }
    announce_command(*this, text, how_.script_sections,
                     fmt::format("section_{}_{}", section_prefix, i));
    // Never indented: the end of a here-string stands at the beginning of its line.
    body_ += text;
    body_ += end_of_line_;
    check();
  }
}

// --- conditions

void powershell_writer::begin_if(std::string_view condition) {
  line(fmt::format("if ({}) {{", condition));
  ++depth_;
}

// What a program says on stderr is no error of the script's, whatever the preference.
void powershell_writer::begin_if_works(std::string const& what) {
  line("$_runner_ok = $false");
  line(fmt::format("try {{ & {{ $ErrorActionPreference = \"Continue\"; {}; "
                   "if (!$?) {{ throw \"failed\" }} }}; $_runner_ok = $true }} catch {{ }}",
                   what));
  begin_if("$_runner_ok");
}

void powershell_writer::if_file_has_lines(std::string_view /*path*/, words const& /*literals*/) {
  begin_if("$false");
}

void powershell_writer::if_command(words const& literals) {
  begin_if_works(call(literals, quote_powershell) + " *> $null");
}

void powershell_writer::if_command_with_output(words const& literals) {
  begin_if_works(call(literals, quote_powershell));
}

void powershell_writer::if_command_with_output_expand(words const& actives) {
  begin_if_works(call(actives, quote_powershell_active));
}

void powershell_writer::if_git_version_at_least(std::string_view version) {
  auto const wanted = version_fields(version);
  line("$_runner_git = try { \"$(& \"git\" \"version\")\" } catch { \"\" }");
  begin_if(
      fmt::format("$_runner_git -match 'version (\\d+)\\.(\\d+)(\\.(\\d+))?' -and "
                  "[version](\"{{0}}.{{1}}.{{2}}\" -f $Matches[1], $Matches[2], [int]$Matches[4]) "
                  "-ge [version]\"{}.{}.{}\"",
                  wanted[0], wanted[1], wanted[2]));
  echo(quote_powershell(fmt::format("Git version at least \"{}\"", version)));
}

void powershell_writer::if_git_lfs() { if_command({"git", "lfs", "version"}); }

void powershell_writer::otherwise() {
  --depth_;
  line("} else {");
  ++depth_;
}

void powershell_writer::end_if() {
  --depth_;
  line("}");
}

// --- what the log shows

void powershell_writer::echo(std::string const& quoted) { line("echo " + quoted); }

void powershell_writer::print(std::string_view literal) {
  echo(quote_powershell(fmt::format("{}{}", reset, literal)));
}

void powershell_writer::notice(std::string_view literal) {
  echo(quote_powershell(fmt::format("{}{}{}", bold_green, literal, reset)));
}

void powershell_writer::warning(std::string_view literal) {
  echo(quote_powershell(fmt::format("{}{}{}", yellow, literal, reset)));
}

void powershell_writer::error(std::string_view literal) {
  echo(quote_powershell(fmt::format("{}{}{}", bold_red, literal, reset)));
}

void powershell_writer::empty_line() { echo("\"\""); }

void powershell_writer::running_on(std::string_view runner_host) {
  auto const host =
      how_.host_name.empty() ? std::string("$([Environment]::MachineName)") : how_.host_name;
  auto const via = runner_host.empty() ? std::string() : fmt::format(" via {}", runner_host);
  echo(fmt::format("({} + {})", quote_powershell_active(fmt::format("Running on {}", host)),
                   quote_powershell(fmt::format("{}...", via))));
}

void powershell_writer::section_start(std::string_view name, std::string_view header) {
  echo(fmt::format(
      "(\"section_start:$([DateTimeOffset]::UtcNow.ToUnixTimeSeconds()):\" + {} + {})",
      quote_powershell(fmt::format("{}[hide_duration=true,collapsed=true]\r\x1b[0K", name)),
      quote_powershell(fmt::format("{}{}{}", bold_green, header, reset))));
}

void powershell_writer::section_end(std::string_view name) {
  echo(fmt::format("(\"section_end:$([DateTimeOffset]::UtcNow.ToUnixTimeSeconds()):\" + {})",
                   quote_powershell(fmt::format("{}\r\x1b[0K", name))));
}

// --- the frame

std::string powershell_writer::finish(bool trace) {
  auto const body = std::exchange(body_, {});
  std::string script;
  bool const is_block = core_ || !how_.as_file;
  if (how_.as_file && !core_) script += byte_order_mark;
  if (core_ && !on_windows) script += fmt::format("#!/usr/bin/env pwsh{0}{0}", end_of_line_);
  if (is_block) script += fmt::format("& {{{}", end_of_line_);
  if (core_) script += fmt::format("$ErrorActionPreference = \"Stop\"{}", end_of_line_);
  if (trace) script += fmt::format("Set-PSDebug -Trace 2{}", end_of_line_);
  script += body;
  // The empty line tells a shell that reads its stdin that the block is complete.
  if (is_block) script += fmt::format("}}{0}{0}", end_of_line_);
  return script;
}

}  // namespace corunner::exec
