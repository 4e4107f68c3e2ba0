#include "runner/job/feature_flag_reference.hpp"

#include "runner/job/feature_flags.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner {
namespace {

constexpr std::string_view of_docker = "of the Docker executor, which is not here yet";
constexpr std::string_view of_kubernetes = "of the Kubernetes executor, which is not here yet";
constexpr std::string_view of_autoscaler = "of the autoscaling executors, which are not here yet";
constexpr std::string_view of_windows = "of Windows";

constexpr flag_meaning meanings[] = {
    {"FF_TEST_FEATURE", false, "of the tests of GitLab Runner"},
    {"FF_NETWORK_PER_BUILD", true,
     "CI_BUILD_NETWORK_NAME is set; the network itself is of the Docker executor"},
    {"FF_USE_LEGACY_KUBERNETES_EXECUTION_STRATEGY", false, of_kubernetes},
    {"FF_USE_DIRECT_DOWNLOAD", true, "artifacts are fetched from the object storage itself"},
    {"FF_USE_FASTZIP", false, "there is one archiver, and it is the fast one"},
    {"FF_DISABLE_UMASK_FOR_DOCKER_EXECUTOR", false, of_docker},
    {"FF_ENABLE_BASH_EXIT_CODE_CHECK", true,
     "the exit code of each command is checked, also after `set +e`"},
    {"FF_USE_WINDOWS_LEGACY_PROCESS_STRATEGY", false, of_windows},
    {"FF_USE_LEGACY_BASH_EVAL", true, "scripts are evaluated through a pipe"},
    {"FF_USE_POWERSHELL_PATH_RESOLVER", true, "paths of caches in scripts are absolute"},
    {"FF_USE_DYNAMIC_TRACE_FORCE_SEND_INTERVAL", true,
     "a quiet log is told to be alive at four times GitLab's interval; in the configuration alone"},
    {"FF_SCRIPT_SECTIONS", true, "commands of several lines are sections of the log"},
    {"FF_ENABLE_JOB_CLEANUP", true, "the working copy is cleaned, or removed, at the end"},
    {"FF_KUBERNETES_HONOR_ENTRYPOINT", false, of_kubernetes},
    {"FF_POSIXLY_CORRECT_ESCAPES", true, "scripts are quoted for any POSIX shell"},
    {"FF_RESOLVE_FULL_TLS_CHAIN", true,
     "CI_SERVER_TLS_CA_FILE is completed to its root; in the configuration alone"},
    {"FF_DISABLE_POWERSHELL_STDIN", true, "PowerShell gets its scripts as files"},
    {"FF_USE_POD_ACTIVE_DEADLINE_SECONDS", false, of_kubernetes},
    {"FF_USE_ADVANCED_POD_SPEC_CONFIGURATION", false, of_kubernetes},
    {"FF_SECRET_RESOLVING_FAILS_IF_MISSING", false, "of secret providers, which are not here yet"},
    {"FF_PRINT_POD_EVENTS", false, of_kubernetes},
    {"FF_USE_GIT_BUNDLE_URIS", true, "git may fetch by bundles that the server names"},
    {"FF_USE_GIT_NATIVE_CLONE", true, "strategy `clone` is one `git clone`, from git 2.49 on"},
    {"FF_USE_DUMB_INIT_WITH_KUBERNETES_EXECUTOR", false, of_kubernetes},
    {"FF_USE_INIT_WITH_DOCKER_EXECUTOR", false, of_docker},
    {"FF_LOG_IMAGES_CONFIGURED_FOR_JOB", true, "the process log names the images of jobs"},
    {"FF_USE_DOCKER_AUTOSCALER_DIAL_STDIO", false, of_autoscaler},
    {"FF_CLEAN_UP_FAILED_CACHE_EXTRACT", true,
     "what a failed extraction left is removed before the next key is tried"},
    {"FF_USE_WINDOWS_JOB_OBJECT", false, of_windows},
    {"FF_TIMESTAMPS", true, "every line of the log carries its time"},
    {"FF_DISABLE_AUTOMATIC_TOKEN_ROTATION", true,
     "runner tokens that expire are warned about, not renewed; in the configuration alone"},
    {"FF_USE_LEGACY_GCS_CACHE_ADAPTER", false, "there is one way to Google's storage"},
    {"FF_DISABLE_UMASK_FOR_KUBERNETES_EXECUTOR", false, of_kubernetes},
    {"FF_USE_LEGACY_S3_CACHE_ADAPTER", false, "there is one way to S3"},
    {"FF_GIT_URLS_WITHOUT_TOKENS", true, "git asks for the job token, no address holds it"},
    {"FF_WAIT_FOR_POD_TO_BE_REACHABLE", false, of_kubernetes},
    {"FF_MASK_ALL_DEFAULT_TOKENS", true, "tokens of GitLab are hidden in logs by their prefixes"},
    {"FF_EXPORT_HIGH_CARDINALITY_METRICS", true, "the duration of each stage is a metric"},
    {"FF_USE_FLEETING_ACQUIRE_HEARTBEATS", false, of_autoscaler},
    {"FF_USE_EXPONENTIAL_BACKOFF_STAGE_RETRY", true,
     "stages are tried again after 5, 10, 20 ... 300 s; off: 1, 2, 4, 5 s"},
    {"FF_USE_ADAPTIVE_REQUEST_CONCURRENCY", true,
     "request_concurrency is the most; in the configuration alone"},
    {"FF_USE_GITALY_CORRELATION_ID", true, "git sends the correlation id of the job"},
    {"FF_USE_GIT_PROACTIVE_AUTH", true, "git sends its credentials at once"},
    {"FF_HASH_CACHE_KEYS", true, "cache keys are hashed"},
    {"FF_ENABLE_JOB_INPUTS_INTERPOLATION", true, "${{ job.inputs.name }} is filled in"},
    {"FF_USE_JOB_ROUTER", false, "jobs are asked for at GitLab itself"},
    {"FF_SCRIPT_TO_STEP_MIGRATION", false, "scripts are run by a shell"},
    {"FF_USE_PARALLEL_CACHE_TRANSFER", true, "caches are fetched in several ranges at once"},
    {"FF_USE_PARALLEL_ARTIFACT_TRANSFER", true, "artifacts are fetched in several ranges at once"},
    {"FF_CONCRETE", false, "jobs run in their usual stages; a warning in the log says so"},
    {"FF_SUSPENDABLE_ENVIRONMENTS", true, "a job that is to be suspended fails"},
    {"FF_USE_NATIVE_CONTAINER_STOP", false, of_docker},
};

}  // namespace

std::span<flag_meaning const> flag_meanings() { return meanings; }

std::string feature_flag_reference() {
  std::string page =
      "\n## Feature flags\n\n"
      "In `[runners.feature_flags]`, or variables of jobs. Those without effect are accepted and "
      "exported to jobs. "
      "So are the names of flags that GitLab Runner once had.\n\n"
      "| flag | default | effect |\n|---|---|---|\n";
  auto const flags = all_feature_flags();
  for (std::size_t i = 0; i != flags.size(); ++i) {
    auto const& meaning = meanings[i];
    page += fmt::format("| `{}` | {} | {}{} |\n", meaning.name, flags[i].by_default,
                        meaning.has_effect ? "" : "none: ", meaning.text);
  }
  return page;
}

}  // namespace corunner
