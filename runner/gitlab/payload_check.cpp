#include "runner/gitlab/payload_check.hpp"

#include "net/asio.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/ranges.h>

#include <algorithm>

namespace corunner::gitlab {

namespace {

struct section_row {
  std::string_view section;  // of executor_opts; empty: executor_opts itself
  std::string_view shown;
  std::string_view supported;
};

constexpr section_row sections[] = {
    {"", "executor_opts", "docker kubernetes"},
    {"docker", "docker executor", "platform user"},
    {"kubernetes", "kubernetes executor", "user"},
};

void check_options(job_image const& image, std::vector<std::string>& faults) {
  for (auto const& row : sections) {
    std::vector<std::string> keys;
    for (auto const& option : image.executor_opts.unknown) {
      if (option.section == row.section) keys.push_back(option.key);
    }
    if (keys.empty()) continue;
    std::ranges::sort(keys);
    // The word is "image" for services too, as users know it.
    faults.push_back(
        fmt::format(R"(Unsupported "image" options [{}] for "{}"; supported options are [{}])",
                    fmt::join(keys, " "), row.shown, row.supported));
  }
}

// Whether the text is a JSON array with at least one step.
void check_run(job_payload const& job, std::vector<std::string>& faults) {
  if (!has_native_steps(job)) return;
  auto const scripted = [](job_step const& step) { return !step.script.empty(); };
  if (std::ranges::any_of(job.steps, scripted)) {
    faults.emplace_back("the `run` and `script` keywords cannot be used together");
    return;
  }
  auto const steps = std::ranges::find(job.variables.rbegin(), job.variables.rend(), "STEPS",
                                       &job_variable::key);
  if (steps != job.variables.rend() && !steps->value.empty()) {
    faults.emplace_back("the `run` keyword requires the exclusive use of the variable STEPS");
  }
}

}  // namespace

bool has_native_steps(job_payload const& job) {
  if (job.run.empty()) return false;
  error_code broken;
  auto const tree = boost::json::parse(job.run, broken);
  if (broken) return true;
  return tree.is_array() && !tree.get_array().empty();
}

std::string refusal(job_payload const& job) {
  std::vector<std::string> faults;
  check_options(job.image, faults);
  for (auto const& service : job.services) check_options(service, faults);
  check_run(job, faults);
  return fmt::format("{}", fmt::join(faults, "\n"));
}

}  // namespace corunner::gitlab
