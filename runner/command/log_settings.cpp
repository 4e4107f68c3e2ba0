#include "runner/command/log_settings.hpp"

namespace corunner {

std::optional<config::failure> check_log_settings(config::configuration const& values) {
  if (values.log_level && !parse_log_level(*values.log_level)) {
    return config::failure{"failed to parse log level: not a valid logrus Level: \"" +
                           *values.log_level + "\""};
  }
  if (values.log_format && !parse_log_format(*values.log_format)) {
    return config::failure{"unknown log format \"" + *values.log_format +
                           "\", expected one of: [runner text json]"};
  }
  return std::nullopt;
}

void apply_log_settings(services& all, config::configuration const& values) {
  if (!all.level_given) {
    all.log_output.set_level(parse_log_level(values.log_level.value_or("info")).value());
  }
  if (!all.format_given) {
    all.log_output.set_format(parse_log_format(values.log_format.value_or("runner")).value());
  }
}

}  // namespace corunner
