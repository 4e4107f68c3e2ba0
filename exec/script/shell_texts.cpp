#include "exec/script/shell_texts.hpp"

#include <fmt/format.h>

#include <map>

namespace corunner::exec {
namespace {

// Inside double quotes of a dotenv file and of a git configuration file.
std::string escaped(std::string_view value) {
  std::string out;
  for (char const c : value) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else {
      if (c == '\\' || c == '"') out += '\\';
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\n\v\f\r";
  auto const first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string heading_of(std::string_view command) {
  auto const end_of_first = command.find('\n');
  if (end_of_first == std::string_view::npos) return fmt::format("$ {}", command);
  return fmt::format("$ {} # collapsed multi-line command", command.substr(0, end_of_first));
}

void announce_command(shell_writer& into, std::string_view command, bool sections,
                      std::string_view section_name) {
  if (!sections || command.find('\n') == std::string_view::npos) {
    return into.notice(heading_of(command));
  }
  into.section_start(section_name, fmt::format("$ {}", command));
  into.section_end(section_name);
}

std::string credential_configuration(std::string_view origin) {
  constexpr std::string_view helper =
      R"(!f() { [ \"$1\" != get ] || printf 'password=%s\\n' \"$CI_JOB_TOKEN\"; }; f)";
  return fmt::format(
      "[credential \"{}\"]\n\thelper =\n\thelper = \"{}\"\n\tusername = gitlab-ci-token\n",
      escaped(origin), helper);
}

std::string dotenv_text(shell_writer::variables const& values) {
  std::map<std::string_view, std::string_view> sorted;
  for (auto const& [key, value] : values) {
    if (is_identifier(key)) sorted[key] = value;
  }
  std::string text;
  for (auto const& [key, value] : sorted) text += fmt::format("{}=\"{}\"\n", key, escaped(value));
  return text;
}

std::string joined_path(std::string_view directory, std::string_view name) {
  while (directory.size() > 1 && directory.ends_with('/')) directory.remove_suffix(1);
  while (name.starts_with('/')) name.remove_prefix(1);
  if (directory.empty() || directory == ".") return std::string(name);
  return directory == "/" ? fmt::format("/{}", name) : fmt::format("{}/{}", directory, name);
}

std::array<unsigned, 3> version_fields(std::string_view version) {
  std::array<unsigned, 3> fields{};
  std::size_t at = 0;
  for (char const c : version) {
    if (c == '.') {
      if (++at == fields.size()) break;
    } else if (c >= '0' && c <= '9') {
      fields[at] = fields[at] * 10 + static_cast<unsigned>(c - '0');
    }
  }
  return fields;
}

}  // namespace corunner::exec
