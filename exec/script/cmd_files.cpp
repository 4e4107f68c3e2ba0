// What the cmd writer does with files.
#include "exec/script/cmd_quoting.hpp"
#include "exec/script/cmd_writer.hpp"
#include "exec/script/shell_texts.hpp"

#include <fmt/format.h>

namespace corunner::exec {
namespace {

// What `set /p` drops at the beginning of a text that it shows.
constexpr std::string_view dropped = " \t\n\v\f\r=\"";
constexpr std::size_t usual_piece = 1000;  // bytes; a line of cmd holds 8191, escapes included
constexpr std::size_t largest_piece = 3000;

// How much of the content is shown at once, so that the rest begins with nothing that is dropped;
// 0 when there is no such place.
std::size_t piece_of(std::string_view content) {
  if (content.size() <= usual_piece) return content.size();
  auto const end = content.find_first_not_of(dropped, usual_piece);
  if (end == std::string_view::npos) return content.size() <= largest_piece ? content.size() : 0;
  return end <= largest_piece ? end : 0;
}

bool can_be_shown(std::string_view content) {
  if (content.empty() || dropped.find(content.front()) != std::string_view::npos) return false;
  while (!content.empty()) {
    auto const size = piece_of(content);
    if (size == 0) return false;
    content.remove_prefix(size);
  }
  return true;
}

bool has_drive(std::string_view path) {
  return path.size() >= 2 && path[1] == ':' &&
         ((path[0] >= 'a' && path[0] <= 'z') || (path[0] >= 'A' && path[0] <= 'Z'));
}

}  // namespace

void cmd_writer::write_lines(std::string const& file, std::string_view content) {
  while (!content.empty()) {
    auto const end = content.find('\n');
    line(fmt::format(">>{} echo:{}", file, escape_cmd(content.substr(0, end))));
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
  }
}

// The question of `set /p`, which nobody answers, is the one text without an end of line.
void cmd_writer::write_content(std::string_view path, std::string_view content, bool append) {
  auto const file = quote_cmd_path(path);
  if (!append) line(fmt::format("type nul >{}", file));
  if (!can_be_shown(content)) {
    write_lines(file, content);
  } else {
    while (!content.empty()) {
      auto const size = piece_of(content);
      line(fmt::format(">>{} <nul set /p ={}", file, escape_cmd(content.substr(0, size))));
      content.remove_prefix(size);
    }
  }
  // No answer is an error to `set /p`.
  reset_error();
  line(fmt::format("if not exist {} exit /b 1", file));
}

void cmd_writer::write_file(std::string_view path, std::string_view content) {
  write_content(path, content, false);
}

void cmd_writer::append_to_file(std::string_view path, std::string_view content) {
  write_content(path, content, true);
}

void cmd_writer::change_directory(std::string_view path) {
  line(fmt::format("cd /d {}", quote_cmd_path(path)));
  check();
}

void cmd_writer::make_directory(std::string_view path) {
  auto const quoted = quote_cmd_path(path);
  line(fmt::format("if not exist {} mkdir {}", quoted, quoted));
  check();
}

std::string cmd_writer::make_temporary_directory(std::string_view name) {
  auto path = temporary_file(name);
  make_directory(path);
  return path;
}

void cmd_writer::remove_directory(std::string_view path) {
  auto const quoted = quote_cmd_path(path);
  line(fmt::format("if exist {} rd /s /q {}", quoted, quoted));
  line(fmt::format("if exist {} exit /b 1", quoted));
}

void cmd_writer::remove_file(std::string_view path) {
  auto const quoted = quote_cmd_path(path);
  line(fmt::format("if exist {} del /f /q {}", quoted, quoted));
  check();
}

void cmd_writer::remove_files_recursive(std::string_view path, std::string_view name_pattern) {
  if_directory(path);
  line(fmt::format("del /s /f /q {} >nul 2>nul", quote_cmd_path(join(path, name_pattern))));
  end_if();
}

void cmd_writer::remove_directories_recursive(std::string_view path,
                                              std::string_view name_pattern) {
  if_directory(path);
  line(fmt::format(
      "for /f \"delims=\" %%d in ('dir /s /b /ad {} 2^>nul') do if exist \"%%d\\\" rd /s /q \"%%d\"",
      quote_cmd_path(join(path, name_pattern))));
  end_if();
}

// Nothing makes such a file on Windows, whose containers have one user.
void cmd_writer::take_owner_of(std::string_view /*owner_file*/, std::string_view /*directory*/) {}

void cmd_writer::git_credential_helper(std::string_view configuration_file,
                                       std::string_view origin) {
  append_to_file(configuration_file, credential_configuration(origin));
}

std::string cmd_writer::write_dotenv(std::string_view name, variables const& values) {
  auto path = temporary_file(name);
  make_directory(absolute(how_.temporary_directory));
  write_file(path, dotenv_text(values));
  return path;
}

std::string cmd_writer::absolute(std::string_view path) const {
  bool const is_absolute =
      path.starts_with('/') || path.starts_with('\\') || path.starts_with('$') || has_drive(path);
  return is_absolute ? std::string(path) : fmt::format("$PWD/{}", path);
}

std::string cmd_writer::join(std::string_view directory, std::string_view name) const {
  return joined_path(directory, name);
}

std::string cmd_writer::temporary_file(std::string_view name) const {
  return absolute(join(how_.temporary_directory, name));
}

}  // namespace corunner::exec
