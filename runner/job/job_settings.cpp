#include "runner/job/job_settings.hpp"

#include "runner/job/bool_text.hpp"
#include "runner/job/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace corunner {
namespace {

constexpr int least_attempts = 1;
constexpr int most_attempts = 10;

struct bool_setting {
  std::string_view name;
  bool job_settings::* field;
};

constexpr bool_setting bool_settings[] = {
    {"CI_DEBUG_TRACE", &job_settings::debug_trace},
    {"CI_DEBUG_SERVICES", &job_settings::debug_services},
};

constexpr bool_setting git_bool_settings[] = {
    {"GIT_CHECKOUT", &job_settings::checkout},
    {"GIT_LFS_SKIP_SMUDGE", &job_settings::lfs_skip_smudge},
    {"GIT_SUBMODULE_FORCE_HTTPS", &job_settings::submodule_force_https},
    {"AFTER_SCRIPT_IGNORE_ERRORS", &job_settings::after_script_ignore_errors},
};

struct int_setting {
  std::string_view name;
  int job_settings::* field;
};

constexpr int_setting int_settings[] = {
    {"GIT_SUBMODULE_DEPTH", &job_settings::submodule_depth},
    {"CACHE_REQUEST_TIMEOUT", &job_settings::cache_request_timeout},
};

constexpr int_setting attempt_settings[] = {
    {"ARTIFACT_DOWNLOAD_ATTEMPTS", &job_settings::artifact_download_attempts},
    {"GET_SOURCES_ATTEMPTS", &job_settings::get_sources_attempts},
    {"RESTORE_CACHE_ATTEMPTS", &job_settings::restore_cache_attempts},
    {"EXECUTOR_JOB_SECTION_ATTEMPTS", &job_settings::executor_job_section_attempts},
    {"SECRETS_RETRIEVAL_ATTEMPTS", &job_settings::secrets_retrieval_attempts},
};

struct words_setting {
  std::string_view name;
  std::vector<std::string> job_settings::* field;
  std::string_view by_default;
  bool none_is_empty;  // a flags list: the single word `none` means no flags
};

constexpr words_setting words_settings[] = {
    {"GIT_CLEAN_FLAGS", &job_settings::clean_flags, default_clean_flags, true},
    {"GIT_FETCH_EXTRA_FLAGS", &job_settings::fetch_flags, "--prune --quiet", true},
    {"GIT_CLONE_EXTRA_FLAGS", &job_settings::clone_flags, "", true},
    {"GIT_SUBMODULE_UPDATE_FLAGS", &job_settings::submodule_update_flags, "", true},
    {"GIT_SUBMODULE_PATHS", &job_settings::submodule_paths, "", false},
};

struct strategy_name {
  std::string_view name;
  git_strategy strategy;
};

constexpr strategy_name strategies[] = {
    {"clone", git_strategy::clone},
    {"fetch", git_strategy::fetch},
    {"none", git_strategy::none},
    {"empty", git_strategy::empty},
};

class settings_reader {
 public:
  settings_reader(job_variables const& variables, settings_defaults const& defaults)
      : variables_(variables), defaults_(defaults) {}

  read_settings read() {
    out_.settings.submodule_depth = defaults_.depth;
    for (auto const& setting : bool_settings) read_bool(setting);
    read_git_strategy();
    for (auto const& setting : git_bool_settings) read_bool(setting);
    read_submodule_strategy();
    for (auto const& setting : words_settings) read_words(setting);
    for (auto const& setting : int_settings) read_int(setting);
    for (auto const& setting : attempt_settings) read_int(setting);
    for (auto const& setting : attempt_settings) clamp_attempts(setting);
    out_.settings.clone_path = variables_.value("GIT_CLONE_PATH");
    out_.settings.cache_fallback_key = variables_.value("CACHE_FALLBACK_KEY");
    if (!out_.settings.git_is_used()) {
      out_.settings.checkout = false;
      out_.settings.submodules = submodule_strategy::none;
    }
    if (defaults_.debug_trace_disabled) refuse_debugging();
    return std::move(out_);
  }

 private:
  template <class... Args>
  void warn(fmt::format_string<Args...> text, Args&&... args) {
    out_.warnings.push_back(fmt::format(text, std::forward<Args>(args)...));
  }

  void read_bool(bool_setting const& setting) {
    auto const text = variables_.value(setting.name);
    if (text.empty()) return;
    bool& value = out_.settings.*setting.field;
    if (auto const parsed = parse_bool(text)) {
      value = *parsed;
    } else {
      warn("{}: expected bool got \"{}\", using default value: {}", setting.name, text, value);
    }
  }

  void read_int(int_setting const& setting) {
    auto const text = variables_.value(setting.name);
    if (text.empty()) return;
    int& value = out_.settings.*setting.field;
    int parsed = 0;
    char const* const first = text.data() + (text.front() == '+' ? 1 : 0);
    char const* const last = text.data() + text.size();
    auto const [end, error] = std::from_chars(first, last, parsed);
    if (error == std::errc() && end == last) {
      value = parsed;
    } else {
      warn("{}: expected int got \"{}\", using default value: {}", setting.name, text, value);
    }
  }

  void clamp_attempts(int_setting const& setting) {
    int& value = out_.settings.*setting.field;
    int const clamped = std::clamp(value, least_attempts, most_attempts);
    if (clamped == value) return;
    warn("{}: number of attempts out of the range [{}, {}], clamping to: {}", setting.name,
         least_attempts, most_attempts, clamped);
    value = clamped;
  }

  void read_words(words_setting const& setting) {
    auto words = split_words(variables_.value(setting.name));
    if (words.empty()) words = split_words(setting.by_default);
    if (setting.none_is_empty && words.size() == 1 && words.front() == "none") words.clear();
    out_.settings.*setting.field = std::move(words);
  }

  void read_git_strategy() {
    auto& value = out_.settings.strategy;
    value = defaults_.allow_git_fetch ? git_strategy::fetch : git_strategy::clone;
    auto const text = variables_.value("GIT_STRATEGY");
    if (text.empty()) return;
    auto const found = std::ranges::find(strategies, text, &strategy_name::name);
    if (found != std::end(strategies)) {
      value = found->strategy;
      return;
    }
    warn("GIT_STRATEGY: expected either 'clone', 'fetch', 'none' or 'empty' got \"{}\", "
         "using default value '{}'",
         text, value == git_strategy::fetch ? "fetch" : "clone");
  }

  void read_submodule_strategy() {
    auto& value = out_.settings.submodules;
    auto const text = variables_.value("GIT_SUBMODULE_STRATEGY");
    if (text.empty() || text == "none") return;
    if (text == "normal") {
      value = submodule_strategy::normal;
    } else if (text == "recursive") {
      value = submodule_strategy::recursive;
    } else {
      value = submodule_strategy::invalid;
      warn("GIT_SUBMODULE_STRATEGY: expected either 'normal', 'recursive' or 'none' got \"{}\"",
           text);
    }
  }

  void refuse_debugging() {
    for (auto const& setting : bool_settings) {
      if (!std::exchange(out_.settings.*setting.field, false)) continue;
      warn("{}: usage is disabled on this Runner", setting.name);
    }
  }

  job_variables const& variables_;
  settings_defaults const& defaults_;
  read_settings out_;
};

}  // namespace

read_settings read_job_settings(job_variables const& variables, settings_defaults const& defaults) {
  return settings_reader(variables, defaults).read();
}

}  // namespace corunner
