// What the bash writer does with files; the shell's own tests come before every program, so that
// nothing is started for what is not there.
#include "exec/script/bash_writer.hpp"
#include "exec/script/quoting.hpp"
#include "exec/script/shell_texts.hpp"

#include <fmt/format.h>

namespace corunner::exec {
void bash_writer::write_content(std::string_view path, std::string_view content, bool append) {
  line(fmt::format("printf %s {} {} {}", quote(content), append ? ">>" : ">|", quote_path(path)));
}

void bash_writer::write_file(std::string_view path, std::string_view content) {
  write_content(path, content);
  check();
}

void bash_writer::append_to_file(std::string_view path, std::string_view content) {
  write_content(path, content, true);
  check();
}

void bash_writer::change_directory(std::string_view path) {
  line(fmt::format("cd {}", quote_path(path)));
  check();
}

void bash_writer::make_directory(std::string_view path) {
  line(fmt::format("[ -d {0} ] || mkdir -p {0}", quote_path(path)));
  check();
}

std::string bash_writer::make_temporary_directory(std::string_view name) {
  auto path = temporary_file(name);
  make_directory(path);
  return path;
}

void bash_writer::remove_directory(std::string_view path) {
  // Seldom is anything write-protected. What cannot be made writable fails in the second rm, with
  // the better message.
  line(fmt::format("[ ! -e {0} ] && [ ! -L {0} ] || rm -r -f {0} 2>/dev/null || "
                   "{{ [ ! -d {0} ] || chmod -R u+rwX {0} || :; rm -r -f {0}; }}",
                   quote_path(path)));
  check();
}

void bash_writer::remove_file(std::string_view path) {
  line(fmt::format("[ ! -e {0} ] && [ ! -L {0} ] || rm -f {0}", quote_path(path)));
  check();
}

void bash_writer::remove_recursive(std::string_view path, std::string_view name_pattern, char kind,
                                   std::string_view remove) {
  begin_if(fmt::format("[ -d {} ]", quote_path(path)));
  // -depth: what find has just removed it must not enter.
  auto const find = fmt::format("find {} -depth -type {} -name {} -exec {} {{}}", quote_path(path),
                                kind, quote(name_pattern), remove);
  // Some old finds lack the form that ends in +.
  line(fmt::format("{0} + || {0} \\;", find));
  check();
  end_if();
}

void bash_writer::remove_files_recursive(std::string_view path, std::string_view name_pattern) {
  remove_recursive(path, name_pattern, 'f', "rm -f");
}

void bash_writer::remove_directories_recursive(std::string_view path,
                                               std::string_view name_pattern) {
  remove_recursive(path, name_pattern, 'd', "rm -r -f");
}

void bash_writer::take_owner_of(std::string_view owner_file, std::string_view directory) {
  begin_if(fmt::format("[ -e {} ]", quote_path(owner_file)));
  line(fmt::format("chown -R \"$(stat -c '%u:%g' {})\" {}", quote_path(owner_file),
                   quote_path(directory)));
  check();
  end_if();
}

// Appended in one write of the shell's own: git would be started three times for it.
void bash_writer::git_credential_helper(std::string_view configuration_file,
                                        std::string_view origin) {
  append_to_file(configuration_file, credential_configuration(origin));
}

std::string bash_writer::write_dotenv(
    std::string_view name, std::vector<std::pair<std::string, std::string>> const& values) {
  auto path = temporary_file(name);
  make_directory(absolute(how_.temporary_directory));
  write_content(path, dotenv_text(values));
  check();
  return path;
}

std::string bash_writer::absolute(std::string_view path) const {
  if (path.starts_with('/') || path.starts_with('$')) return std::string(path);
  return fmt::format("$PWD/{}", path);
}

std::string bash_writer::join(std::string_view directory, std::string_view name) const {
  return joined_path(directory, name);
}

std::string bash_writer::temporary_file(std::string_view name) const {
  return absolute(join(how_.temporary_directory, name));
}

}  // namespace corunner::exec
