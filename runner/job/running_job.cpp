#include "runner/job/running_job.hpp"

#include "config/duration.hpp"
#include "runner/gitlab/payload_check.hpp"
#include "runner/trace/job_trace.hpp"

#include <boost/asio/ip/host_name.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace corunner {
namespace {

constexpr std::uint64_t default_output_limit_kib = 4096;
constexpr std::uint64_t bytes_per_kib = 1024;

// Where the scripts find the directories: those that are below our working directory are named
// absolutely, as scripts change their own.
job_directories seen_from_anywhere(running_job const& job) {
  auto directories = *job.directories;
  if (!job.traits.default_dirs_here) return directories;
  for (auto* const path : {&directories.builds, &directories.project, &directories.cache}) {
    *path = (job.input.working_directory / *path).lexically_normal().string();
  }
  return directories;
}

std::string shell_of(config::runner_entry const& runner) {
  return runner.shell.empty() ? "bash" : runner.shell;
}

variable_sources sources_without_flags(job_input const& input) {
  return {.input = input,
          .payload = *input.payload,
          .traits = traits_of(input.runner->executor)};
}

settings_defaults defaults_of(job_input const& input) {
  return {.allow_git_fetch = input.payload->allow_git_fetch,
          .depth = static_cast<int>(input.payload->git_info.depth),
          .debug_trace_disabled = input.runner->debug_trace_disabled};
}

}  // namespace

job_decisions decide(job_input const& input) {
  auto const variables = assemble_variables(sources_without_flags(input));
  auto read = read_job_settings(variables, defaults_of(input));
  feature_flags flags(input.runner->feature_flags.or_empty(), variables);
  for (auto const& error : flags.errors()) read.warnings.push_back(error);
  if (flags["FF_CONCRETE"] && !gitlab::has_native_steps(*input.payload)) {
    read.warnings.push_back("FF_CONCRETE: not supported, using the usual stages");
  }
  return {std::move(flags), std::move(read.settings), std::move(read.warnings)};
}

running_job::running_job(asio::any_io_executor on, job_input from, job_services with)
    : executor(on),
      input(std::move(from)),
      services(std::move(with)),
      traits(traits_of(input.runner->executor)),
      flags({}, {}),
      timeout(std::chrono::seconds(job_timeout_seconds(payload()))),
      whole(std::move(on), services.time) {
  auto decided = decide(input);
  flags = std::move(decided.flags);
  settings = std::move(decided.settings);
  setting_warnings = std::move(decided.warnings);
  rebuild_variables();
}

void running_job::stop(job_failure why, job_state end) {
  if (!stop_reason) {
    stop_reason = std::move(why);
    stop_state = end;
  }
  whole.stop();
}

void running_job::warn_process_log(std::string const& text) const {
  if (!text.empty() && services.log_warning) services.log_warning(text);
}

void running_job::tell_stage(std::string_view what, std::string const& name) const {
  if (services.log_stage) services.log_stage(what, name);
}

void running_job::open_store() {
  if (payload().cache.empty()) return;
  auto chosen = open_remote_cache(input.runner->cache.or_empty());
  store = std::move(chosen.store);
  warn_process_log(chosen.failure);
}

void running_job::note_stage_ended(std::string const& name,
                                   net::time_source::time_point began) {
  auto const now = services.time.now();
  times.add(name, began, now);
  if (!services.stage_ended || !flags["FF_EXPORT_HIGH_CARDINALITY_METRICS"]) return;
  services.stage_ended(name, now - began);
}

void running_job::rebuild_variables() {
  variables = assemble_variables({.input = input,
                                  .payload = payload(),
                                  .traits = traits,
                                  .flags = &flags,
                                  .directories = directories,
                                  .secrets = secrets,
                                  .status = status});
  mask_new_values();
}

void running_job::use(job_directories found) {
  directories = std::move(found);
  rebuild_variables();
  settings = read_job_settings(variables, defaults_of(input)).settings;
}

void running_job::mask_new_values() {
  std::vector<std::string> unseen;
  for (auto& value : masked_values(variables)) {
    if (masked.insert(value).second) unseen.push_back(std::move(value));
  }
  if (!unseen.empty()) trace().mask(unseen);
}

script_context running_job::scripts() const {
  auto const& identity = input.identity;
  bool const self = traits.helper == "@";
  error_code ignored;
  return {.payload = payload(),
          .runner = *input.runner,
          .traits = traits,
          .settings = settings,
          .flags = flags,
          .variables = variables,
          .directories = seen_from_anywhere(*this),
          .shell = traits.name == "dummy" ? "dummy" : shell_of(*input.runner),
          .program = fmt::format("{} {} {}", identity.program, identity.version, platform_text()),
          .helper = self ? identity.executable : std::string(traits.helper),
          .helper_is_this_program = self,
          // Not as another user: the job could lead our unlink anywhere by a link.
          .files_are_ours = traits.default_dirs_here && input.user.empty(),
          .store = store.get(),
          .correlation_id = input.correlation_id,
          .host_name = asio::ip::host_name(ignored),
          .started = started};
}

job_failure running_job::end_reason() const {
  if (stop_reason) return *stop_reason;
  return build_failure(fmt::format("execution took longer than {} seconds",
                                   config::format_duration(timeout)),
                       gitlab::failure_reason::job_execution_timeout);
}

job_state running_job::end_state() const {
  return stop_reason ? stop_state : job_state::timed_out;
}

trace_options trace_options_of(job_input const& input) {
  auto const decided = decide(input);
  auto const variables = assemble_variables({.input = input,
                                             .payload = *input.payload,
                                             .traits = traits_of(input.runner->executor),
                                             .flags = &decided.flags});
  auto const limit = input.runner->output_limit;
  trace_options how;
  // The reference puts the text of a refusal into the log without its usual chain.
  how.timestamps = decided.flags["FF_TIMESTAMPS"] && gitlab::refusal(*input.payload).empty();
  how.sections = input.payload->features.trace_sections;
  // With less than none the reference keeps no log at all, which nobody can want.
  auto const kibibytes = limit > 0 ? static_cast<std::uint64_t>(limit) : default_output_limit_kib;
  how.limit = std::min(kibibytes, UINT64_MAX / bytes_per_kib) * bytes_per_kib;
  how.masked = masked_values(variables);
  // Whether the server says so or not.
  auto const& token = input.payload->token.reveal();
  if (std::ranges::find(how.masked, token) == how.masked.end()) how.masked.push_back(token);
  how.encoded = input.runner->mask_encoded_values.value_or(true);
  how.token_prefixes = default_token_prefixes(decided.flags["FF_MASK_ALL_DEFAULT_TOKENS"]);
  for (auto const& prefix : input.payload->features.token_mask_prefixes) {
    how.token_prefixes.push_back(prefix);
  }
  return how;
}

bool shows_debug_output(job_input const& input) {
  auto const settings = decide(input).settings;
  return settings.debug_trace || settings.debug_services;
}

}  // namespace corunner
