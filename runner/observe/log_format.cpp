#include "config/duration.hpp"
#include "runner/observe/log.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <fmt/format.h>

#include <ctime>
#include <map>

namespace corunner {

namespace {

constexpr std::string_view reset = "\x1b[0;m";

// Colour and prefix of the runner format.
struct runner_style {
  std::string_view colour;
  std::string_view prefix;
};

runner_style style_of(log_level level) {
  switch (level) {
    case log_level::panic: return {"\x1b[31;1m", "PANIC: "};
    case log_level::fatal: return {"\x1b[31;1m", "FATAL: "};
    case log_level::error: return {"\x1b[31;1m", "ERROR: "};
    case log_level::warning: return {"\x1b[0;33m", "WARNING: "};
    case log_level::debug: return {"\x1b[37;1m", ""};
    default: return {"", ""};
  }
}

std::string plain(log_field::value_type const& value) {
  return std::visit(
      [](auto const& v) -> std::string {
        using type = std::remove_cvref_t<decltype(v)>;
        if constexpr (std::is_same_v<type, std::string>) {
          return v;
        } else if constexpr (std::is_same_v<type, std::chrono::nanoseconds>) {
          return config::format_duration(v);
        } else if constexpr (std::is_same_v<type, named_number>) {
          return v.name;
        } else {
          return fmt::format("{}", v);
        }
      },
      value);
}

// Characters, not bytes: the column where the fields begin.
std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (unsigned char const c : text) width += (c & 0xC0) != 0x80;
  return width;
}

std::string padded(std::string_view text, std::size_t columns) {
  std::string out(text);
  auto const width = width_of(text);
  if (width < columns) out.append(columns - width, ' ');
  return out;
}

// 2026-08-22T10:11:12.123456789+02:00 with the zeros at the end of the fraction cut off.
std::string rfc3339(std::chrono::system_clock::time_point when) {
  auto const since = std::chrono::duration_cast<std::chrono::nanoseconds>(when.time_since_epoch());
  auto const seconds = std::chrono::floor<std::chrono::seconds>(since);
  std::time_t const whole = seconds.count();
  std::tm local{};
  ::localtime_r(&whole, &local);
  auto text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", local.tm_year + 1900, local.tm_mon + 1,
                  local.tm_mday, local.tm_hour, local.tm_min, local.tm_sec);
  if (auto const nanoseconds = (since - seconds).count(); nanoseconds != 0) {
    text += fmt::format(".{:09}", nanoseconds);
    text.erase(text.find_last_not_of('0') + 1);
  }
  if (local.tm_gmtoff == 0) return text + "Z";
  auto const minutes = std::abs(local.tm_gmtoff) / 60;
  return text +
         fmt::format("{}{:02}:{:02}", local.tm_gmtoff < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

std::string runner_line(log_line const& line) {
  auto const [tint, prefix] = style_of(line.level);
  auto const colour = line.colours ? tint : "";
  auto const end = line.colours ? reset : "";
  auto out =
      fmt::format("{}{}{}{} ", colour, prefix, padded(line.message, 50 - prefix.size()), end);
  for (log_field const& each : *line.fields) {
    out += fmt::format(" {}{}{}={}", colour, each.name, end, plain(each.value));
  }
  return out + '\n';
}

bool needs_no_quotes(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) ||
           std::string_view("-._/@^+").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (unsigned char const c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\a': out += "\\a"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\v': out += "\\v"; break;
      default:
        if (c < 0x20 || c == 0x7f) {
          out += fmt::format("\\x{:02x}", c);
        } else {
          out += static_cast<char>(c);
        }
    }
  }
  return out + '"';
}

std::string text_value(log_field::value_type const& value) {
  auto const text = plain(value);
  return needs_no_quotes(text) ? text : in_quotes(text);
}

// Fields that would hide a fixed key get another name.
std::string field_name(std::string_view name) {
  if (name == "time" || name == "level" || name == "msg") return "fields." + std::string(name);
  return std::string(name);
}

std::string_view terminal_colour(log_level level) {
  switch (level) {
    case log_level::panic:
    case log_level::fatal:
    case log_level::error: return "\x1b[31m";
    case log_level::warning: return "\x1b[33m";
    case log_level::info: return "\x1b[36m";
    default: return "\x1b[37m";
  }
}

std::string terminal_line(log_line const& line) {
  auto const colour = terminal_colour(line.level);
  std::string level(name_of(line.level).substr(0, 4));
  for (char& c : level) c = static_cast<char>(c - 'a' + 'A');
  auto out = fmt::format("{}{}\x1b[0m[{:04}] {} ", colour, level, line.since_start.count(),
                         padded(line.message, 44));
  for (log_field const& each : *line.fields) {
    out += fmt::format(" {}{}\x1b[0m={}", colour, field_name(each.name), text_value(each.value));
  }
  return out + '\n';
}

std::string text_line(log_line const& line) {
  if (line.terminal && line.colours) return terminal_line(line);
  auto out = fmt::format("time={} level={}", in_quotes(rfc3339(line.time)), name_of(line.level));
  if (!line.message.empty()) {
    out += " msg=" +
           (needs_no_quotes(line.message) ? std::string(line.message) : in_quotes(line.message));
  }
  for (log_field const& each : *line.fields) {
    out += fmt::format(" {}={}", field_name(each.name), text_value(each.value));
  }
  return out + '\n';
}

// A JSON string that may also stand in HTML.
std::string json_string(std::string_view text) {
  std::string out;
  for (char const c : boost::json::serialize(boost::json::string_view(text.data(), text.size()))) {
    switch (c) {
      case '&': out += "\\u0026"; break;
      case '<': out += "\\u003c"; break;
      case '>': out += "\\u003e"; break;
      default: out += c;
    }
  }
  return out;
}

std::string json_value(log_field::value_type const& value) {
  return std::visit(
      [](auto const& v) -> std::string {
        using type = std::remove_cvref_t<decltype(v)>;
        if constexpr (std::is_same_v<type, std::string>) {
          return json_string(v);
        } else if constexpr (std::is_same_v<type, std::chrono::nanoseconds>) {
          return fmt::format("{}", v.count());
        } else if constexpr (std::is_same_v<type, named_number>) {
          return fmt::format("{}", v.number);
        } else {
          return fmt::format("{}", v);
        }
      },
      value);
}

std::string json_line(log_line const& line) {
  std::map<std::string, std::string> members;
  for (log_field const& each : *line.fields) {
    members[field_name(each.name)] = json_value(each.value);
  }
  members["level"] = json_string(name_of(line.level));
  members["msg"] = json_string(line.message);
  members["time"] = json_string(rfc3339(line.time));
  std::string out = "{";
  for (auto const& [name, value] : members) {
    if (out.size() > 1) out += ',';
    out += json_string(name) + ':' + value;
  }
  return out + "}\n";
}

}  // namespace

std::string format_line(log_format format, log_line const& line) {
  static log_fields const none;
  log_line complete = line;
  if (!complete.fields) complete.fields = &none;
  switch (format) {
    case log_format::text: return text_line(complete);
    case log_format::json: return json_line(complete);
    default: return runner_line(complete);
  }
}

}  // namespace corunner
