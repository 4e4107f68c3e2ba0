#include "runner/job/job_settings.hpp"

#include "config/in_quotes.hpp"
#include "runner/job/bool_text.hpp"
#include "runner/job/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <utility>
#include <variant>

namespace corunner {
namespace {

using config::in_quotes;

constexpr int least_attempts = 1;
constexpr int most_attempts = 10;

struct setting {
  std::string_view name;
  std::variant<bool job_settings::*, int job_settings::*, git_strategy job_settings::*,
               submodule_strategy job_settings::*>
      field;
};

// In the order in which the reference warns about them.
constexpr setting plain_settings[] = {
    {"CI_DEBUG_SERVICES", &job_settings::debug_services},
    {"CI_DEBUG_TRACE", &job_settings::debug_trace},
    {"GIT_STRATEGY", &job_settings::strategy},
    {"GIT_CHECKOUT", &job_settings::checkout},
    {"GIT_SUBMODULE_STRATEGY", &job_settings::submodules},
    {"GIT_SUBMODULE_DEPTH", &job_settings::submodule_depth},
    {"GIT_LFS_SKIP_SMUDGE", &job_settings::lfs_skip_smudge},
    {"GIT_SUBMODULE_FORCE_HTTPS", &job_settings::submodule_force_https},
    {"GET_SOURCES_ATTEMPTS", &job_settings::get_sources_attempts},
    {"ARTIFACT_DOWNLOAD_ATTEMPTS", &job_settings::artifact_download_attempts},
    {"RESTORE_CACHE_ATTEMPTS", &job_settings::restore_cache_attempts},
    {"EXECUTOR_JOB_SECTION_ATTEMPTS", &job_settings::executor_job_section_attempts},
    {"SECRETS_RETRIEVAL_ATTEMPTS", &job_settings::secrets_retrieval_attempts},
    {"AFTER_SCRIPT_IGNORE_ERRORS", &job_settings::after_script_ignore_errors},
    {"CACHE_REQUEST_TIMEOUT", &job_settings::cache_request_timeout},
};

struct attempts_setting {
  std::string_view name;
  int job_settings::* field;
};

constexpr attempts_setting attempt_settings[] = {
    {"EXECUTOR_JOB_SECTION_ATTEMPTS", &job_settings::executor_job_section_attempts},
    {"GET_SOURCES_ATTEMPTS", &job_settings::get_sources_attempts},
    {"ARTIFACT_DOWNLOAD_ATTEMPTS", &job_settings::artifact_download_attempts},
    {"RESTORE_CACHE_ATTEMPTS", &job_settings::restore_cache_attempts},
    {"SECRETS_RETRIEVAL_ATTEMPTS", &job_settings::secrets_retrieval_attempts},
};

struct debug_setting {
  std::string_view name;
  bool job_settings::* field;
};

constexpr debug_setting debug_settings[] = {
    {"CI_DEBUG_TRACE", &job_settings::debug_trace},
    {"CI_DEBUG_SERVICES", &job_settings::debug_services},
};

struct words_setting {
  std::string_view name;
  std::vector<std::string> job_settings::* field;
  std::string_view by_default;
  bool none_is_empty;  // a list of flags: `none` means no flags
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
    out_.settings.strategy = defaults_.allow_git_fetch ? git_strategy::fetch : git_strategy::clone;
    out_.settings.submodule_depth = defaults_.depth;
    for (auto const& [name, field] : plain_settings) {
      auto const text = variables_.value(name);
      if (text.empty()) continue;
      std::visit([&, &key = name](auto const member) { set(out_.settings.*member, key, text); },
                 field);
    }
    for (auto const& setting : words_settings) read_words(setting);
    if (!out_.settings.git_is_used()) {
      out_.settings.checkout = false;
      out_.settings.submodules = submodule_strategy::none;
    }
    if (defaults_.debug_trace_disabled) refuse_debugging();
    for (auto const& setting : attempt_settings) clamp_attempts(setting);
    return std::move(out_);
  }

 private:
  template <class... Args>
  void warn(fmt::format_string<Args...> text, Args&&... args) {
    out_.warnings.push_back(fmt::format(text, std::forward<Args>(args)...));
  }

  void set(bool& value, std::string_view name, std::string const& text) {
    if (auto const parsed = parse_bool(text)) {
      value = *parsed;
    } else {
      warn("{}: expected bool got {}, using default value: {}", name, in_quotes(text), value);
    }
  }

  void set(int& value, std::string_view name, std::string const& text) {
    std::int64_t parsed = 0;
    char const* const first = text.data() + (text.front() == '+' ? 1 : 0);
    char const* const last = text.data() + text.size();
    auto const [end, error] = std::from_chars(first, last, parsed);
    if (error != std::errc() || end != last) {
      warn("{}: expected int got {}, using default value: {}", name, in_quotes(text), value);
      return;
    }
    using limits = std::numeric_limits<int>;
    value = static_cast<int>(std::clamp<std::int64_t>(parsed, limits::min(), limits::max()));
  }

  void set(git_strategy& value, std::string_view name, std::string const& text) {
    auto const found = std::ranges::find(strategies, text, &strategy_name::name);
    if (found != std::end(strategies)) {
      value = found->strategy;
      return;
    }
    warn("{}: expected either 'clone', 'fetch', 'none' or 'empty' got {}, using default value '{}'",
         name, in_quotes(text), value == git_strategy::fetch ? "fetch" : "clone");
  }

  void set(submodule_strategy& value, std::string_view name, std::string const& text) {
    if (text == "none") return;
    if (text == "normal") {
      value = submodule_strategy::normal;
    } else if (text == "recursive") {
      value = submodule_strategy::recursive;
    } else {
      value = submodule_strategy::invalid;
      warn("{}: expected either 'normal', 'recursive' or 'none' got {}", name, in_quotes(text));
    }
  }

  void clamp_attempts(attempts_setting const& setting) {
    int& value = out_.settings.*setting.field;
    int const clamped = std::clamp(value, least_attempts, most_attempts);
    if (clamped == value) return;
    warn("{}: number of attempts out of the range [{}, {}], clamping to: {}", setting.name,
         least_attempts, most_attempts, clamped);
    value = clamped;
  }

  void read_words(words_setting const& setting) {
    auto const text = variables_.value(setting.name);
    auto& words = out_.settings.*setting.field;
    if (text.empty()) {
      words = split_words(setting.by_default);
    } else if (!setting.none_is_empty || text != "none") {
      words = split_words(text);
    }
  }

  void refuse_debugging() {
    for (auto const& setting : debug_settings) {
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
