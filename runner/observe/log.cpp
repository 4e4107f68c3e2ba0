#include "runner/observe/log.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <map>

namespace corunner {

namespace {

constexpr std::array<std::string_view, 7> level_names{"panic", "fatal", "error", "warning",
                                                      "info",  "debug", "trace"};
constexpr std::array<std::string_view, 3> format_names{"runner", "text", "json"};

// The fields of both, sorted by name; of two with one name the later stays.
log_fields merged(log_fields const* first, log_fields second) {
  std::map<std::string, log_field*> by_name;
  log_fields earlier = first ? *first : log_fields();
  for (log_field& each : earlier) by_name[each.name] = &each;
  for (log_field& each : second) by_name[each.name] = &each;
  log_fields all;
  for (auto const& [name, field] : by_name) all.push_back(std::move(*field));
  return all;
}

// True when something had to be hidden. All texts are looked at together first: most have nothing.
bool hide_secrets(log_filters const& filters, std::string& message, log_fields& fields) {
  auto together = message;
  for (auto const& field : fields) {
    if (auto const* const text = std::get_if<std::string>(&field.value)) together += '\n' + *text;
  }
  if (!filters.filtered(together)) return false;
  if (auto hidden = filters.filtered(message)) message = std::move(*hidden);
  for (auto& field : fields) {
    auto* const text = std::get_if<std::string>(&field.value);
    if (!text) continue;
    if (auto hidden = filters.filtered(*text)) *text = std::move(*hidden);
  }
  return true;
}

}  // namespace

std::optional<log_level> parse_log_level(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (lower == "warn") return log_level::warning;
  auto const found = std::find(level_names.begin(), level_names.end(), lower);
  if (found == level_names.end()) return std::nullopt;
  return static_cast<log_level>(found - level_names.begin());
}

std::string_view name_of(log_level level) { return level_names[static_cast<std::size_t>(level)]; }

std::optional<log_format> parse_log_format(std::string_view name) {
  auto const found = std::find(format_names.begin(), format_names.end(), name);
  if (found == format_names.end()) return std::nullopt;
  return static_cast<log_format>(found - format_names.begin());
}

log_target::log_target(net::time_source const& time, writer write, bool terminal)
    : time_(time), write_(std::move(write)), terminal_(terminal), start_(time.now()) {}

void log_target::write(log_level level, std::string_view message, log_fields const& fields) {
  if (level > level_) return;
  ++written_[static_cast<std::size_t>(level)];
  log_line line;
  line.level = level;
  line.message = message;
  line.fields = &fields;
  line.time = time_.wall_now();
  line.since_start = std::chrono::duration_cast<std::chrono::seconds>(time_.now() - start_);
  line.terminal = terminal_;
  line.colours = colours_;
  std::string shown_message;
  log_fields shown_fields;
  if (!prefix_.empty()) {
    shown_message = prefix_;
    shown_message += message;
    line.message = shown_message;
  }
  if (!filters_.empty()) {
    shown_message = line.message;
    shown_fields = fields;
    if (hide_secrets(filters_, shown_message, shown_fields)) {
      line.message = shown_message;
      line.fields = &shown_fields;
    }
  }
  write_(format_line(format_, line));
  if (!mirror_ || level > log_level::info) return;
  line.terminal = false;
  mirror_(level, format_line(log_format::text, line));
}

logger logger::with(log_fields more) const {
  logger child(*this);
  child.own_ = std::make_shared<log_fields const>(merged(own_.get(), std::move(more)));
  return child;
}

void logger::log(log_level level, std::string_view message, log_fields fields) const {
  if (!shows(level)) return;
  target_->write(level, message, merged(own_.get(), std::move(fields)));
}

log_target::writer standard_error() {
  return [](std::string_view line) {
    while (!line.empty()) {
      auto const written = ::write(STDERR_FILENO, line.data(), line.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;
      line.remove_prefix(static_cast<std::size_t>(written));
    }
  };
}

bool standard_error_is_terminal() { return ::isatty(STDERR_FILENO) == 1; }

}  // namespace corunner
