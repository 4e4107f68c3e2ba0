#include "runner/command/log_settings.hpp"

#include "runner/gitlab/short_token.hpp"
#include "runner/trace/hide_phrases.hpp"
#include "runner/trace/phrase_masker.hpp"

namespace corunner {

namespace {

// But for those so short that their short form, which is meant to be shown, is all of them.
std::vector<std::string> tokens_of(config::configuration const& values) {
  std::vector<std::string> out;
  for (auto const& runner : values.runners) {
    auto const& token = runner.token.reveal();
    if (gitlab::short_token(token) != token) out.push_back(token);
  }
  return out;
}

}  // namespace

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
  if (auto const tokens = tokens_of(values); !tokens.empty()) {
    all.tokens = all.log_output.filters().add(
        [phrases = compile_phrases(tokens)](std::string_view text) {
          return hide_phrases(*phrases, text, 1);
        });
  } else {
    all.tokens = {};
  }
}

}  // namespace corunner
