#include "runner/command/commands.hpp"
#include "runner/command/runners/operations.hpp"

#include <array>

namespace corunner {

namespace {

constexpr std::array config_entries{
    command_entry{
        "explain", "print the values in force and where each came from", make_config_explain, false,
        stopping::by_default, visibility::shown, greeting::none,
        "[KEY]   KEY: concurrent, runners.docker.image, runners[2].limit (from 0), runners[NAME]"},
    command_entry{"reference", "print a page of all keys, in Markdown", make_config_reference,
                  false, stopping::by_default, visibility::shown, greeting::none, ""},
    command_entry{"schema", "print a JSON schema of the file, for editors", make_config_schema,
                  false, stopping::by_default, visibility::shown, greeting::none, ""},
};

constexpr std::array steps_entries{
    command_entry{"bootstrap", "put a copy of this program where containers find it",
                  make_steps_bootstrap, true, stopping::by_default, visibility::shown,
                  greeting::none, "PATH"},
    command_entry{"proxy", "connect stdin and stdout with the server of native steps",
                  make_steps_proxy, true, stopping::by_default, visibility::shown, greeting::none},
};

constexpr std::array fleeting_entries{
    command_entry{"install", "install or update fleeting plugins", make_fleeting_install},
    command_entry{"list", "list installed plugins", make_fleeting_list},
    command_entry{"login", "login to container registry", make_fleeting_login, false,
                  stopping::by_default, visibility::shown, greeting::logged, "[server]"},
};

// Of a group: what its commands take for the configuration file.
std::vector<flag> config_flag(services& all) {
  return {{"config, c", &all.config_file, "Config file", "CONFIG_FILE"}};
}

// In the order of help.
constexpr std::array entries{
    command_entry{"local", "run this repository's pipeline on this machine, without a GitLab",
                  make_local, false, stopping::by_command, visibility::shown, greeting::none},
    command_entry{"coordinator", "the embedded GitLab alone, for other runners", make_coordinator,
                  false, stopping::by_command, visibility::shown, greeting::none},
    command_entry{"config", "explain the configuration file", nullptr, false, stopping::by_default,
                  visibility::shown, greeting::none, "", config_entries},
    command_entry{"list", "list the configured runners", make_list},
    command_entry{"lint", "check a configuration file", make_lint},
    command_entry{"register", "register a new runner", make_register},
    command_entry{"reset-token", "get a new token for a runner", make_reset_token},
    command_entry{"run", "run multi runner service", make_run, false, stopping::by_command},
    command_entry{"run-single", "run one runner, named by flags or in the file", make_run_single,
                  false, stopping::by_command},
    command_entry{"wrapper", "run the service under a control server, which speaks gRPC",
                  make_wrapper, false, stopping::by_command, visibility::shown, greeting::logged,
                  "-- COMMAND [arguments...]"},
    command_entry{"runners", "manage the runners of a GitLab by its API", nullptr, false,
                  stopping::by_default, visibility::shown, greeting::none, "", runners_entries},
    command_entry{"unregister", "remove runners from GitLab and from the file", make_unregister},
    command_entry{"verify", "check that GitLab knows the runners", make_verify},
    command_entry{"install", "make a service of this machine that runs jobs", make_install},
    command_entry{"uninstall", "remove that service", make_uninstall},
    command_entry{"start", "start the service", make_start},
    command_entry{"stop", "stop the service", make_stop},
    command_entry{"restart", "restart the service", make_restart},
    command_entry{"status", "tell whether the service runs, and with which configuration",
                  make_status},
    command_entry{"fleeting", "manage fleeting plugins", nullptr, false, stopping::by_default,
                  visibility::shown, greeting::logged, "", fleeting_entries, mixing::anywhere,
                  config_flag, stray_word::shows_help},
    command_entry{"completion", "print what makes a shell complete words", make_completion, false,
                  stopping::by_default, visibility::shown, greeting::none, "bash|zsh|fish"},
    command_entry{"man", "print manual pages", make_man, false, stopping::by_default,
                  visibility::shown, greeting::none, "[COMMAND]"},
    command_entry{"__complete",
                  "what may stand for the last of these words; for shells",
                  make_complete,
                  false,
                  stopping::by_default,
                  visibility::hidden,
                  greeting::none,
                  "-- WORD...",
                  {},
                  mixing::before_argument},
    command_entry{"artifacts-downloader", "download and extract build artifacts (internal)",
                  make_artifacts_downloader, true},
    command_entry{"artifacts-uploader", "create and upload build artifacts (internal)",
                  make_artifacts_uploader, true},
    command_entry{"cache-archiver", "create and upload cache artifacts (internal)",
                  make_cache_archiver, true},
    command_entry{"cache-extractor", "download and extract cache artifacts (internal)",
                  make_cache_extractor, true},
    command_entry{"cache-init", "make the volumes of caches writable for all (internal)",
                  make_cache_init, true},
    command_entry{"health-check", "wait until the ports of a service answer (internal)",
                  make_health_check, true},
    command_entry{"proxy-exec",
                  "run a command and mask its output (internal)",
                  make_proxy_exec,
                  true,
                  stopping::by_command,
                  visibility::shown,
                  greeting::logged,
                  "COMMAND [arguments...]",
                  {},
                  mixing::before_argument},
    command_entry{"read-logs",
                  "show a job's log from a file, for the kubernetes executor (internal)",
                  make_read_logs, true},
    command_entry{"steps", "native steps (internal)", nullptr, true, stopping::by_default,
                  visibility::hidden, greeting::none, "", steps_entries, mixing::anywhere, nullptr,
                  stray_word::shows_help},
};

}  // namespace

std::span<command_entry const> all_commands() { return entries; }

std::vector<called_command> callable_commands() {
  std::vector<called_command> all;
  for (command_entry const& each : entries) {
    if (each.below.empty()) all.push_back({std::string(each.name), &each});
    for (command_entry const& inner : each.below) {
      all.push_back({std::string(each.name) + ' ' + std::string(inner.name), &inner, &each});
    }
  }
  return all;
}

}  // namespace corunner
