#include "exec/script/cmd_quoting.hpp"

#include <algorithm>

namespace corunner::exec {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._:/\\@+").find(c) != std::string_view::npos;
}

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// "%NAME%" for the `$NAME` or `${NAME}` that `text` begins with, which is taken; empty for none.
std::string take_variable(std::string_view& text) {
  bool const braced = text.starts_with("${");
  auto rest = text.substr(braced ? 2 : 1);
  auto const end = static_cast<std::size_t>(std::ranges::find_if_not(rest, is_name) - rest.begin());
  if (end == 0 || (braced && rest.substr(end, 1) != "}")) return {};
  auto name = rest.substr(0, end);
  text = rest.substr(end + (braced ? 1 : 0));
  if (name == "PWD") name = "CD";
  if (name == "HOME") name = "USERPROFILE";
  return '%' + std::string(name) + '%';
}

}  // namespace

std::string escape_cmd(std::string_view text, cmd_expansion mode) {
  // A line with `!` is searched for carets a second time.
  bool const twice =
      mode == cmd_expansion::delayed && text.find('!') != std::string_view::npos;
  std::string out;
  for (char const c : text) {
    switch (c) {
      case '\r': break;
      case '\n': out += "^\r\n\r\n"; break;
      case '%': out += "%%"; break;
      case '!': out += twice ? "^^!" : "!"; break;
      case '^': out += twice ? "^^^^" : "^^"; break;
      case '&':
      case '<':
      case '>':
      case '|':
      case '(':
      case ')':
      case '"': out += '^'; [[fallthrough]];
      default: out += c;
    }
  }
  return out;
}

std::string quote_cmd_argument(std::string_view text) {
  if (!text.empty() && std::ranges::all_of(text, is_plain)) return std::string(text);
  std::string quoted = "\"";
  std::size_t backslashes = 0;
  for (char const c : text) {
    // Backslashes before a quotation mark count double.
    if (c == '"') quoted.append(backslashes + 1, '\\');
    backslashes = c == '\\' ? backslashes + 1 : 0;
    quoted += c;
  }
  quoted.append(backslashes, '\\');
  return escape_cmd(quoted + '"');
}

std::string quote_cmd_program(std::string_view text) {
  if (!text.empty() && std::ranges::all_of(text, is_name)) return std::string(text);
  std::string out = "\"";
  for (char const c : text) {
    if (c == '%') out += '%';
    out += c == '/' ? '\\' : c;
  }
  return out + '"';
}

std::string quote_cmd_active(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    if (text.front() == '$') {
      if (auto const variable = take_variable(text); !variable.empty()) {
        out += variable;
        continue;
      }
    }
    if (text.front() == '%') out += '%';
    out += text.front();
    text.remove_prefix(1);
  }
  return out + '"';
}

std::string quote_cmd_path(std::string_view path) {
  auto out = quote_cmd_active(path);
  std::ranges::replace(out, '/', '\\');
  return out;
}

}  // namespace corunner::exec
