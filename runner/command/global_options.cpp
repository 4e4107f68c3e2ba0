#include "runner/command/global_options.hpp"

#include "config/choices.hpp"

namespace corunner {

// help and version stand in the list for the help text and for completion.
std::vector<flag> global_options::flags() {
  return {
      {"cpuprofile", &cpu_profile, "file that receives a CPU profile of the whole run, for pprof",
       "CPU_PROFILE", "file"},
      {"debug", &debug, "log level debug", "RUNNER_DEBUG"},
      {"log-format", &format, "format of log lines: runner, text, json", "LOG_FORMAT", "format",
       nullptr, config::log_format_choices},
      {"log-level, l", &level,
       "least severe log lines to show: debug, info, warn, error, fatal, panic", "LOG_LEVEL",
       "level", nullptr, config::log_level_choices},
      {"help, h", &help, "show help", ""},
      {"help-all", &all_of_help, "show help with everything that exists", ""},
      {"version, v", &version, "print the version", ""},
  };
}

}  // namespace corunner
