// What the PowerShell writer does with files.
#include "exec/script/powershell_quoting.hpp"
#include "exec/script/powershell_writer.hpp"
#include "exec/script/shell_texts.hpp"

#include <fmt/format.h>

namespace corunner::exec {
namespace {

// The path for .NET: relative ones begin where the shell is, not the process.
std::string full_path(std::string_view path) {
  return fmt::format("$ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath({})",
                     quote_powershell_active(path));
}

bool has_drive(std::string_view path) {
  return path.size() >= 2 && path[1] == ':' &&
         ((path[0] >= 'a' && path[0] <= 'z') || (path[0] >= 'A' && path[0] <= 'Z'));
}

}  // namespace

void powershell_writer::write_content(std::string_view path, std::string_view content,
                                      std::string_view method) {
  // Without the mark that Windows PowerShell's own commands put first.
  line(fmt::format("[IO.File]::{}({}, {}, (New-Object System.Text.UTF8Encoding $false))", method,
                   full_path(path), quote_powershell(content)));
  check();
}

void powershell_writer::write_file(std::string_view path, std::string_view content) {
  write_content(path, content, "WriteAllText");
}

void powershell_writer::append_to_file(std::string_view path, std::string_view content) {
  write_content(path, content, "AppendAllText");
}

void powershell_writer::if_directory(std::string_view path) {
  begin_if(
      fmt::format("Test-Path -LiteralPath {} -PathType Container", quote_powershell_active(path)));
}

void powershell_writer::if_file(std::string_view path) {
  begin_if(fmt::format("Test-Path -LiteralPath {}", quote_powershell_active(path)));
}

void powershell_writer::if_readable(std::string_view path) {
  begin_if(fmt::format("$(try {{ [IO.File]::OpenRead({}).Close(); $true }} catch {{ $false }})",
                       full_path(path)));
}

void powershell_writer::change_directory(std::string_view path) {
  line(fmt::format("Set-Location -LiteralPath {}", quote_powershell_active(path)));
  check();
}

void powershell_writer::make_directory(std::string_view path) {
  line(fmt::format("[void][IO.Directory]::CreateDirectory({})", full_path(path)));
  check();
}

std::string powershell_writer::make_temporary_directory(std::string_view name) {
  auto path = temporary_file(name);
  make_directory(path);
  return path;
}

// Remove-Item -Recurse enters links and fails on long paths in old versions: links and files go
// first, then the directories, the deepest first; what could not be removed fails in the last
// command. Remove-Item2 is the one of NTFSSecurity.
void powershell_writer::remove_directory(std::string_view path) {
  auto const quoted = quote_powershell_active(path);
  begin_if(fmt::format("Test-Path -LiteralPath {} -PathType Container", quoted));
  begin_if("Get-Command -Name Remove-Item2 -Module NTFSSecurity -ErrorAction SilentlyContinue");
  line(fmt::format("Remove-Item2 -Force -Recurse -Path {}", quoted));
  otherwise();
  line(fmt::format("$_runner_tree = @(Get-ChildItem -LiteralPath {} -Recurse -Force)", quoted));
  line(
      "$_runner_tree | Where-Object { !$_.PSIsContainer -or ($_.Attributes -band "
      "[IO.FileAttributes]::ReparsePoint) } | ForEach-Object { Remove-Item -LiteralPath $_.FullName -Force "
      "-Recurse:$false -ErrorAction SilentlyContinue }");
  line(
      "$_runner_tree | Where-Object { $_.PSIsContainer -and !($_.Attributes -band "
      "[IO.FileAttributes]::ReparsePoint) } | Sort-Object -Property { $_.FullName.Length } -Descending | "
      "ForEach-Object { Remove-Item -LiteralPath $_.FullName -Force -ErrorAction SilentlyContinue }");
  line(fmt::format("Remove-Item -LiteralPath {} -Force -Recurse", quoted));
  end_if();
  check();
  end_if();
}

// Get-Item, because Test-Path does not see a link that leads nowhere.
void powershell_writer::remove_file(std::string_view path) {
  auto const quoted = quote_powershell_active(path);
  begin_if(fmt::format("Get-Item -LiteralPath {} -Force -ErrorAction SilentlyContinue", quoted));
  line(fmt::format("Remove-Item -LiteralPath {} -Force", quoted));
  check();
  end_if();
}

void powershell_writer::remove_recursive(std::string_view path, std::string_view name_pattern,
                                         std::string_view kind) {
  auto const quoted = quote_powershell_active(path);
  begin_if(fmt::format("Test-Path -LiteralPath {} -PathType Container", quoted));
  // Deepest first, so that nothing is gone before its turn.
  line(fmt::format(
      "@(Get-ChildItem -LiteralPath {} -Recurse -Force -{} | Where-Object {{ $_.Name -like {} }} | "
      "Sort-Object -Property {{ $_.FullName.Length }} -Descending) | "
      "ForEach-Object {{ Remove-Item -LiteralPath $_.FullName -Force -Recurse }}",
      quoted, kind, quote_powershell(name_pattern)));
  check();
  end_if();
}

void powershell_writer::remove_files_recursive(std::string_view path,
                                               std::string_view name_pattern) {
  remove_recursive(path, name_pattern, "File");
}

void powershell_writer::remove_directories_recursive(std::string_view path,
                                                     std::string_view name_pattern) {
  remove_recursive(path, name_pattern, "Directory");
}

void powershell_writer::take_owner_of(std::string_view owner_file, std::string_view directory) {
  if_file(owner_file);
  line(fmt::format("& \"chown\" \"-R\" \"$(& \"stat\" \"-c\" \"%u:%g\" {})\" {}",
                   quote_powershell_active(owner_file), quote_powershell_active(directory)));
  check();
  end_if();
}

void powershell_writer::git_credential_helper(std::string_view configuration_file,
                                              std::string_view origin) {
  append_to_file(configuration_file, credential_configuration(origin));
}

std::string powershell_writer::write_dotenv(std::string_view name, variables const& values) {
  auto path = temporary_file(name);
  make_directory(absolute(how_.temporary_directory));
  write_file(path, dotenv_text(values));
  return path;
}

std::string powershell_writer::absolute(std::string_view path) const {
  bool const is_absolute =
      path.starts_with('/') || path.starts_with('\\') || path.starts_with('$') || has_drive(path);
  return is_absolute ? std::string(path) : fmt::format("$PWD/{}", path);
}

std::string powershell_writer::join(std::string_view directory, std::string_view name) const {
  return joined_path(directory, name);
}

std::string powershell_writer::temporary_file(std::string_view name) const {
  return absolute(join(how_.temporary_directory, name));
}

}  // namespace corunner::exec
