#include "exec/dummy/dummy_command.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace corunner::exec {
namespace {

using kind = dummy_command::kind;

enum class argument { none, text, number, optional_number, time, number_and_text };

struct known_command {
  std::string_view word;
  kind what;
  argument takes;
  int number = 0;  // without one in the line
};

constexpr std::array<known_command, 16> known_commands{{
    {"print", kind::print, argument::text},
    {"echo", kind::print, argument::text},
    {"error", kind::error, argument::text},
    {"raw", kind::raw, argument::text},
    {"repeat", kind::repeat, argument::number_and_text},
    {"sleep", kind::sleep, argument::time},
    {"exit", kind::exit, argument::optional_number, 0},
    {"false", kind::exit, argument::none, 1},
    {"signal", kind::signal, argument::number},
    {"hang", kind::hang, argument::none},
    {"stubborn", kind::stubborn, argument::time},
    {"leak", kind::leak, argument::none},
    {"fail", kind::fail, argument::text},
    {"true", kind::nothing, argument::none},
    {":", kind::nothing, argument::text},
    {"#", kind::nothing, argument::text},
}};

std::string_view trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i != text.size(); ++i) {
    bool const is_escape = text[i] == '\\' && i + 1 != text.size();
    if (!is_escape) {
      out += text[i];
      continue;
    }
    switch (text[++i]) {
      case 'n': out += '\n'; break;
      case 'r': out += '\r'; break;
      case 'e': out += '\x1b'; break;
      case '\\': out += '\\'; break;
      default: out.append({'\\', text[i]});
    }
  }
  return out;
}

template <class Number>
std::optional<Number> all_of_it(std::string_view text) {
  Number number{};
  auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Fills the argument in; false when it does not fit.
bool take_argument(dummy_command& command, argument takes, std::string_view rest) {
  if (takes == argument::text) {
    command.text = unescaped(rest);
    return true;
  }
  rest = trimmed(rest);
  if (takes == argument::none) return rest.empty();
  if (takes == argument::optional_number && rest.empty()) return true;
  if (takes == argument::time) {
    auto const time = parse_dummy_time(rest);
    command.time = time.value_or(command.time);
    return time.has_value();
  }
  auto const blank = rest.find(' ');
  if (takes == argument::number_and_text && blank != std::string_view::npos) {
    command.text = unescaped(rest.substr(blank + 1));
    rest = rest.substr(0, blank);
  }
  auto const number = all_of_it<int>(rest);
  command.number = number.value_or(0);
  return number.has_value();
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_dummy_time(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 4> units{
      {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};
  double factor = 1000;
  for (auto const& [suffix, milliseconds] : units) {
    if (!text.ends_with(suffix)) continue;
    factor = milliseconds;
    text.remove_suffix(suffix.size());
    break;
  }
  auto const number = all_of_it<double>(text);
  if (!number || !(*number >= 0) || *number > 1e9) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(*number * factor));
}

dummy_command parse_dummy_command(std::string_view line) {
  while (line.starts_with(' ') || line.starts_with('\t')) line.remove_prefix(1);
  dummy_command command;
  if (trimmed(line).empty() || line.starts_with('#')) return command;
  auto const blank = std::min(line.find(' '), line.size());
  auto const word = trimmed(line.substr(0, blank));
  auto const rest = line.substr(std::min(blank + 1, line.size()));
  auto const known = std::ranges::find(known_commands, word, &known_command::word);
  bool fits = known != known_commands.end();
  if (fits) {
    command.what = known->what;
    command.number = known->number;
    fits = take_argument(command, known->takes, rest);
  }
  if (!fits) {
    command = dummy_command();
    command.what = kind::unknown;
    command.text = word;
  }
  return command;
}

}  // namespace corunner::exec
