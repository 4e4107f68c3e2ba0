#include "runner/job/feature_flags.hpp"

#include "runner/job/bool_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner {
namespace {

// In the order in which GitLab Runner 19.4 declares, exports and lists them.
constexpr feature_flag flags[] = {
    {"FF_TEST_FEATURE", false},
    {"FF_NETWORK_PER_BUILD", false},
    {"FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY", false},
    {"FF_USE_DIRECT_DOWNLOAD", true},
    {"FF_USE_FASTZIP", true},
    {"FF_DISABLE_UMASK_FOR_DOCKER_EXECUTOR", false},
    {"FF_ENABLE_BASH_EXIT_CODE_CHECK", false},
    {"FF_USE_WINDOWS_LEGACY_PROCESS_STRATEGY", false},
    {"FF_USE_LEGACY_BASH_EVAL", false},
    {"FF_USE_POWERSHELL_PATH_RESOLVER", false},
    {"FF_USE_DYNAMIC_TRACE_FORCE_SEND_INTERVAL", false},
    {"FF_SCRIPT_SECTIONS", false},
    {"FF_ENABLE_JOB_CLEANUP", false},
    {"FF_KUBERNETES_HONOR_ENTRYPOINT", false},
    {"FF_POSIXLY_CORRECT_ESCAPES", false},
    {"FF_RESOLVE_FULL_TLS_CHAIN", false},
    {"FF_DISABLE_POWERSHELL_STDIN", false},
    {"FF_USE_POD_ACTIVE_DEADLINE_SECONDS", true},
    {"FF_USE_ADVANCED_POD_SPEC_CONFIGURATION", false},
    {"FF_SECRET_RESOLVING_FAILS_IF_MISSING", true},
    {"FF_PRINT_POD_EVENTS", false},
    {"FF_USE_GIT_BUNDLE_URIS", true},
    {"FF_USE_GIT_NATIVE_CLONE", false},
    {"FF_USE_DUMB_INIT_WITH_KUBERNETES_EXECUTOR", false},
    {"FF_USE_INIT_WITH_DOCKER_EXECUTOR", false},
    {"FF_LOG_IMAGES_CONFIGURED_FOR_JOB", false},
    {"FF_USE_DOCKER_AUTOSCALER_DIAL_STDIO", true},
    {"FF_CLEAN_UP_FAILED_CACHE_EXTRACT", false},
    {"FF_USE_WINDOWS_JOB_OBJECT", false},
    {"FF_TIMESTAMPS", true},
    {"FF_DISABLE_AUTOMATIC_TOKEN_ROTATION", false},
    {"FF_USE_LEGACY_GCS_CACHE_ADAPTER", false},
    {"FF_DISABLE_UMASK_FOR_KUBERNETES_EXECUTOR", false},
    {"FF_USE_LEGACY_S3_CACHE_ADAPTER", false},
    {"FF_GIT_URLS_WITHOUT_TOKENS", false},
    {"FF_WAIT_FOR_POD_TO_BE_REACHABLE", false},
    {"FF_MASK_ALL_DEFAULT_TOKENS", true},
    {"FF_EXPORT_HIGH_CARDINALITY_METRICS", false},
    {"FF_USE_FLEETING_ACQUIRE_HEARTBEATS", false},
    {"FF_USE_EXPONENTIAL_BACKOFF_STAGE_RETRY", true},
    {"FF_USE_ADAPTIVE_REQUEST_CONCURRENCY", true},
    {"FF_USE_GITALY_CORRELATION_ID", true},
    {"FF_USE_GIT_PROACTIVE_AUTH", false},
    {"FF_HASH_CACHE_KEYS", false},
    {"FF_ENABLE_JOB_INPUTS_INTERPOLATION", true},
    {"FF_USE_JOB_ROUTER", false},
    {"FF_SCRIPT_TO_STEP_MIGRATION", false},
    {"FF_USE_PARALLEL_CACHE_TRANSFER", false},
    {"FF_USE_PARALLEL_ARTIFACT_TRANSFER", false},
    {"FF_CONCRETE", false},
    {"FF_SUSPENDABLE_ENVIRONMENTS", false},
    {"FF_USE_NATIVE_CONTAINER_STOP", false},
};

// Names of flags that are gone: accepted in [runners.feature_flags], without effect.
constexpr std::string_view removed_flags[] = {
    "FF_USE_NATIVE_STEPS",
    "FF_USE_NEW_BASH_EVAL_STRATEGY",
    "FF_SKIP_NOOP_BUILD_STAGES",
    "FF_SET_PERMISSIONS_BEFORE_CLEANUP",
    "FF_RETRIEVE_POD_WARNING_EVENTS",
    "FF_USE_INFORMERS",
    "FF_USE_NEW_SHELL_ESCAPE",
    "FF_USE_IMPROVED_URL_MASKING",
    "FF_CMD_DISABLE_DELAYED_ERROR_LEVEL_EXPANSION",
    "FF_GITLAB_REGISTRY_HELPER_IMAGE",
    "FF_USE_GO_CLOUD_WITH_CACHE_ARCHIVER",
    "FF_RESET_HELPER_IMAGE_ENTRYPOINT",
    "FF_SHELL_EXECUTOR_USE_LEGACY_PROCESS_KILL",
    "FF_SKIP_DOCKER_MACHINE_PROVISION_ON_CREATION_FAILURE",
};

}  // namespace

std::span<feature_flag const> all_feature_flags() { return flags; }

bool is_removed_feature_flag(std::string_view name) {
  return std::ranges::find(removed_flags, name) != std::end(removed_flags);
}

bool runner_flag(std::map<std::string, bool> const& configured, std::string_view name) {
  if (auto const own = configured.find(std::string(name)); own != configured.end()) {
    return own->second;
  }
  auto const known = std::ranges::find(flags, name, &feature_flag::name);
  return known != std::end(flags) && known->by_default;
}

feature_flags::feature_flags(settings const& configured, job_variables const& variables) {
  for (auto const& flag : flags) {
    bool value = flag.by_default;
    std::string const name(flag.name);
    if (auto const found = configured.find(name); found != configured.end()) {
      value = found->second;
    } else if (auto const* const set = variables.find(name)) {
      if (auto const parsed = parse_bool(set->value)) {
        value = *parsed;
      } else {
        errors_.push_back(fmt::format("{}: could not parse feature flag, expected bool, got {}",
                                      name, set->value));
      }
    }
    values_.push_back(value);
  }
}

bool feature_flags::operator[](std::string_view name) const {
  auto const found = std::ranges::find(flags, name, &feature_flag::name);
  return found != std::end(flags) && values_[static_cast<std::size_t>(found - std::begin(flags))];
}

std::string feature_flags::non_default() const {
  std::string out;
  for (std::size_t i = 0; i < std::size(flags); ++i) {
    if (values_[i] == flags[i].by_default) continue;
    out += fmt::format("{}{}:{}", out.empty() ? "" : ", ", flags[i].name, values_[i]);
  }
  return out;
}

}  // namespace corunner
