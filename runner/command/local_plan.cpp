#include "runner/command/local_plan.hpp"

#include "runner/pipeline/diagnostic.hpp"

#include <fmt/format.h>

namespace corunner {

namespace {

std::optional<std::string> add_variables(pipeline::pipeline_source& to,
                                         std::vector<std::string> const& given) {
  for (auto const& one : given) {
    auto const equals = one.find('=');
    if (equals == 0 || equals == std::string::npos) {
      return fmt::format("bad --variable '{}', expected KEY=VALUE", one);
    }
    to.pipeline_variables.push_back(
        {.key = one.substr(0, equals), .value = one.substr(equals + 1)});
  }
  return std::nullopt;
}

std::string lines(std::vector<std::string> const& texts) {
  std::string all;
  for (auto const& one : texts) all += one + "\n";
  return all;
}

void take_evaluation(local_plan& made, pipeline::evaluation result) {
  made.warnings += to_string(result.warnings);
  switch (result.outcome) {
    case pipeline::verdict::planned:
      made.plan = std::move(result.plan);
      return;
    case pipeline::verdict::filtered:
    case pipeline::verdict::empty:
      made.note = result.note;
      return;
    case pipeline::verdict::invalid:
      made.failure = to_string(result.errors);
      return;
  }
}

}  // namespace

awaitable<local_plan> make_local_plan(coordinator::git with, local_source wanted) {
  local_plan made;
  coordinator::snapshot_options options;
  options.directory = wanted.repository;
  options.git_dir = wanted.git_dir;
  options.committed_only = wanted.committed_only;
  options.ref = wanted.ref;
  options.file = wanted.file;
  auto outcome = co_await coordinator::take_snapshot(with, std::move(options));
  if (!outcome.taken) {
    made.failure = outcome.failure + "\n";
    co_return made;
  }
  made.from = std::move(outcome.taken);
  made.warnings = lines(made.from->warnings);

  auto source = coordinator::source_of(*made.from);
  source.project.config_path = wanted.file;
  if (auto const bad = add_variables(source, wanted.variables)) {
    made.failure = *bad + "\n";
    co_return made;
  }
  auto evaluated = co_await coordinator::evaluate_snapshot(with, *made.from, std::move(source));
  take_evaluation(made, std::move(evaluated));
  co_return made;
}

}  // namespace corunner
