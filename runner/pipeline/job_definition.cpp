#include "runner/pipeline/job_definition.hpp"

#include <array>

namespace corunner::pipeline {
namespace {

struct named_when {
  job_when when;
  std::string_view name;
};

constexpr std::array<named_when, 5> whens{{
    {job_when::on_success, "on_success"},
    {job_when::on_failure, "on_failure"},
    {job_when::always, "always"},
    {job_when::manual, "manual"},
    {job_when::delayed, "delayed"},
}};

}  // namespace

std::string_view to_string(job_when when) {
  for (named_when const& w : whens) {
    if (w.when == when) return w.name;
  }
  return {};
}

std::optional<job_when> job_when_from(std::string_view text) {
  for (named_when const& w : whens) {
    if (w.name == text) return w.when;
  }
  return std::nullopt;
}

}  // namespace corunner::pipeline
