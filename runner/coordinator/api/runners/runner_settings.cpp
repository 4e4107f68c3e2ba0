#include "runner/coordinator/api/runners/runner_settings.hpp"

#include "runner/coordinator/api/body/utf8_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace corunner::coordinator {

void apply_settings(parameters& params, runner_record& runner) {
  params.exclusive("active", "paused");
  if (auto const text = params.text("description")) runner.description = *text;
  if (auto const flag = params.boolean("active")) runner.active = *flag;
  if (auto const flag = params.boolean("paused")) runner.active = !*flag;
  if (auto const flag = params.boolean("locked")) runner.locked = *flag;
  if (auto const flag = params.boolean("run_untagged")) runner.run_untagged = *flag;
  if (auto const level = params.choice("access_level", {"not_protected", "ref_protected"})) {
    runner.access_level = *level;
  }
  if (auto const seconds = params.integer("maximum_timeout")) runner.maximum_timeout = *seconds;
  if (params.is_null("maximum_timeout")) runner.maximum_timeout.reset();
  for (auto const key : {"maintainer_note", "maintenance_note"}) {
    if (auto const note = params.text(key)) runner.maintenance_note = *note;
  }
  if (auto tags = params.list("tag_list")) {
    runner.tags.clear();
    for (auto& tag : *tags) {
      if (std::find(runner.tags.begin(), runner.tags.end(), tag) == runner.tags.end()) {
        runner.tags.push_back(std::move(tag));
      }
    }
  }
}

std::vector<field_error> validate(runner_record const& runner) {
  constexpr std::size_t longest = 1024;
  std::vector<field_error> errors;
  if (runner.maximum_timeout && *runner.maximum_timeout < 600) {
    errors.push_back({"maximum_timeout", "needs to be at least 10 minutes"});
  }
  if (!runner.run_untagged && runner.tags.empty()) {
    errors.push_back(
        {"tags_list", "can not be empty when runner is not allowed to pick untagged jobs"});
  }
  if (runner.tags.size() > 50) {
    errors.push_back(
        {"tags_list", "Too many tags specified. Please limit the number of tags to 50"});
  }
  if (runner.description && count_characters(*runner.description) > longest) {
    errors.push_back({"description", "is too long (maximum is 1024 characters)"});
  }
  if (runner.maintenance_note && count_characters(*runner.maintenance_note) > longest) {
    errors.push_back({"maintainer_note", "is too long (maximum is 1024 characters)"});
  }
  return errors;
}

std::string sentence_of(std::vector<field_error> const& errors) {
  std::string sentence;
  for (std::size_t place = 0; place < errors.size(); ++place) {
    std::string name = errors[place].field;
    std::replace(name.begin(), name.end(), '_', ' ');
    name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
    if (place > 0) sentence += place + 1 == errors.size() ? " and " : ", ";
    sentence += fmt::format("{} {}", name, errors[place].text);
  }
  return sentence;
}

}  // namespace corunner::coordinator
