#include "runner/pipeline/keywords.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

namespace corunner::pipeline {
namespace {

using enum keyword_status;

constexpr std::string_view needs_fetch = "nothing outside the repository is fetched";
constexpr std::string_view needs_inputs = "inputs are not interpolated";
constexpr std::string_view needs_children = "pipelines have no children yet";
constexpr std::string_view needs_step_runner = "there is no step runner";
constexpr std::string_view needs_server = "only a GitLab server can do it";

constexpr keyword keywords[]{
    {"stages", evaluated},
    {"default", evaluated},
    {"image/services/cache/before_script/after_script (top level)", evaluated},
    {"variables (global)", evaluated},
    {"include:local", evaluated},
    {"include:project", refused, needs_fetch},
    {"include:remote", refused, needs_fetch},
    {"include:template", refused, needs_server},
    {"include:component", refused, needs_fetch},
    {"include:rules", evaluated},
    {"include:inputs", refused, needs_inputs},
    {"spec:inputs", refused, needs_inputs},
    {"spec:component", refused, needs_inputs},
    {"spec:include", refused, needs_inputs},
    {"$[[ inputs.x | fn ]]", refused, needs_inputs},
    {"workflow:rules", evaluated},
    {"workflow:name", evaluated},
    {"workflow:auto_cancel", evaluated},
    {"extends", evaluated},
    {"!reference", evaluated},
    {"anchors/aliases/<<", evaluated},
    {"inherit", evaluated},
    {"hidden jobs (.name)", evaluated},
    {"stage", evaluated},
    {"script", evaluated},
    {"before_script", evaluated},
    {"after_script", evaluated},
    {"hooks", carried},
    {"run", refused, needs_step_runner},
    {"trigger:include (child pipeline)", refused, needs_children},
    {"trigger:project (multi-project)", refused, needs_children},
    {"trigger:strategy", refused, needs_children},
    {"trigger:forward", refused, needs_children},
    {"rules:if", evaluated},
    {"rules:changes", evaluated},
    {"rules:exists", evaluated},
    {"rules:when", evaluated},
    {"rules:start_in", evaluated},
    {"rules:allow_failure", evaluated},
    {"rules:variables", evaluated},
    {"rules:needs", evaluated},
    {"rules:interruptible", carried},
    {"only / except", evaluated},
    {"when", evaluated},
    {"start_in", evaluated},
    {"manual_confirmation", carried},
    {"allow_failure", evaluated},
    {"retry", evaluated},
    {"timeout", carried},
    {"interruptible", carried},
    {"parallel", evaluated},
    {"parallel:matrix", evaluated},
    {"needs", evaluated},
    {"needs:parallel:matrix", refused, "selecting instances of a matrix is not done yet"},
    {"needs:pipeline:job", refused, needs_children},
    {"needs:pipeline (mirror)", refused, needs_server},
    {"needs:project", refused, needs_server},
    {"dependencies", evaluated},
    {"artifacts:paths/exclude/name/untracked", carried},
    {"artifacts:when", carried},
    {"artifacts:expire_in", carried},
    {"artifacts:expose_as", carried},
    {"artifacts:public / artifacts:access", carried},
    {"artifacts:reports:dotenv", carried},
    {"artifacts:reports:junit", carried},
    {"artifacts:reports:coverage_report", carried},
    {"artifacts:reports (others)", carried},
    {"cache", carried},
    {"cache:key", evaluated},
    {"cache:paths/untracked/when", carried},
    {"cache:policy", carried},
    {"cache:unprotect", evaluated},
    {"cache:fallback_keys", evaluated},
    {"image", carried},
    {"services", carried},
    {"tags", evaluated},
    {"environment", carried},
    {"environment:kubernetes", refused, needs_server},
    {"resource_group", evaluated},
    {"release", carried},
    {"pages", refused, "pages are not published yet"},
    {"publish", refused, "pages are not published yet"},
    {"id_tokens", refused, "tokens are not signed yet"},
    {"secrets", refused, "there is no store of secrets yet"},
    {"identity", refused, needs_server},
    {"inputs (job)", refused, needs_inputs},
    {"coverage", carried},
    {"dast_configuration", refused, needs_server},
    {"variables (job)", evaluated},
    {"CI skip", outside, "ignored unless asked for"},
    {"protected refs/variables", outside, "a setting of the project"},
    {"auto-cancel redundant pipelines", outside, "nothing watches for new commits"},
};

constexpr std::string_view job_key_list[]{
    "after_script", "allow_failure", "artifacts",     "before_script",  "cache",
    "coverage",     "dependencies",  "environment",   "except",         "extends",
    "hooks",        "image",         "inherit",       "interruptible",  "manual_confirmation",
    "needs",        "only",          "parallel",      "release",        "resource_group",
    "retry",        "rules",         "script",        "services",       "stage",
    "start_in",     "tags",          "timeout",       "variables",      "when",
};

constexpr std::string_view refused_job_key_list[]{
    "dast_configuration", "id_tokens", "identity", "inputs", "pages",
    "publish",            "run",       "secrets",  "trigger",
};

constexpr std::string_view default_key_list[]{
    "after_script", "artifacts", "before_script", "cache",    "hooks", "id_tokens", "identity",
    "image",        "interruptible", "retry",     "services", "tags",  "timeout",
};

// Levenshtein distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t const change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row.back();
}

}  // namespace

std::span<keyword const> all_keywords() { return keywords; }
std::span<std::string_view const> job_keys() { return job_key_list; }
std::span<std::string_view const> refused_job_keys() { return refused_job_key_list; }
std::span<std::string_view const> default_keys() { return default_key_list; }

void refuse(diagnostics& errors, std::string_view file, position where, std::string_view name) {
  errors.add(file, where, "", fmt::format("keyword '{}' is not supported yet", name));
}

std::string_view nearest_name(std::string_view name, std::span<std::string_view const> candidates) {
  if (name.size() > 64) return {};
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
  for (std::string_view const candidate : candidates) {
    std::size_t const d = distance(name, candidate);
    if (d >= best_distance) continue;
    best = candidate;
    best_distance = d;
  }
  return best;
}

}  // namespace corunner::pipeline
