#include "runner/command/status_report.hpp"

#include "config/field.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace corunner {

namespace {

namespace json = boost::json;

std::string text_of(json::object const& from, std::string_view key) {
  auto const* const found = from.if_contains(key);
  return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::int64_t number_of(json::object const& from, std::string_view key) {
  auto const* const found = from.if_contains(key);
  return found && found->is_int64() ? found->get_int64() : 0;
}

config::timestamp time_of(json::object const& from, std::string_view key) {
  return config::parse_timestamp(text_of(from, key)).value_or(std::nullopt).value_or(
      config::timestamp());
}

// People read seconds.
std::string seconds(config::timestamp when) {
  return config::format_timestamp(std::chrono::floor<std::chrono::seconds>(when));
}

}  // namespace

std::string to_json(status_report const& report) {
  return json::serialize(json::object{{"pid", report.process},
                                      {"state", report.state},
                                      {"jobs", report.jobs},
                                      {"concurrent", report.concurrent},
                                      {"loaded_at", config::format_timestamp(report.loaded_at)},
                                      {"trouble", report.trouble},
                                      {"trouble_since",
                                       config::format_timestamp(report.trouble_since)}});
}

std::optional<status_report> parse_status_report(std::string_view text) {
  boost::system::error_code ec;
  auto const parsed = json::parse(text, ec);
  if (ec || !parsed.is_object()) return std::nullopt;
  auto const& from = parsed.get_object();
  status_report report{.process = number_of(from, "pid"),
                       .state = text_of(from, "state"),
                       .jobs = number_of(from, "jobs"),
                       .concurrent = number_of(from, "concurrent"),
                       .loaded_at = time_of(from, "loaded_at"),
                       .trouble = text_of(from, "trouble"),
                       .trouble_since = time_of(from, "trouble_since")};
  if (report.process <= 0) return std::nullopt;
  return report;
}

int exit_code_of(status_report const& report) {
  return report.trouble.empty() ? status_running : status_older_configuration;
}

std::string describe(status_report const& report, std::string_view service,
                     std::string_view config_file) {
  auto text = fmt::format("{}: Service is running\n  process {}, {}, {} of {} jobs\n", service,
                          report.process, report.state, report.jobs, report.concurrent);
  text += fmt::format("  configuration of {} loaded {}\n", config_file, seconds(report.loaded_at));
  if (!report.trouble.empty()) {
    text +=
        fmt::format("  the file cannot be used since {}, what was loaded before is kept:\n  {}\n",
                    seconds(report.trouble_since), report.trouble);
  }
  return text;
}

}  // namespace corunner
