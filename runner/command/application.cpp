#include "runner/command/application.hpp"

#include "runner/command/command.hpp"
#include "runner/command/cpu_profile.hpp"
#include "runner/command/global_options.hpp"
#include "runner/command/handed_arguments.hpp"
#include "runner/command/help_desk.hpp"
#include "runner/command/help_text.hpp"
#include "runner/command/stop_signals.hpp"
#include "runner/command/version.hpp"

#include <boost/asio/co_spawn.hpp>

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <exception>

namespace corunner {

namespace {

constexpr std::string_view helper_program = "gitlab-runner-helper";

bool is_boolean_word(std::string word) {
  for (char& c : word) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return word == "true" || word == "false";
}

class application {
 public:
  application(services& all, std::vector<std::string> words)
      : all_(all),
        words_(std::move(words)),
        helper_(all.program == helper_program),
        help_(all, helper_) {}

  int run();

 private:
  void warn_of_boolean_words();
  int usage_error(parsed_flags const& wrong);
  bool set_up_logging();
  bool find_home();
  bool start_profile();
  int dispatch(std::vector<std::string> words);
  void log_start() const;
  int call(command_entry const& which, std::string const& name, std::vector<std::string> words);
  int call_in_group(command_entry const& group, std::vector<std::string> words);
  int run_to_end(std::unique_ptr<command> what, std::vector<std::string> arguments);

  services& all_;
  std::vector<std::string> words_;
  bool helper_;
  help_desk help_;
  global_options global_;
  cpu_profile profile_;
};

// A boolean takes no word of its own; who gives one anyway is warned before logging is set up.
void application::warn_of_boolean_words() {
  // Not among the words of a command that runs another.
  auto const end = std::ranges::find_if(words_, [this](std::string const& word) {
    auto const* const which = help_.find(word);
    return which && which->words == mixing::before_argument;
  });
  auto const at = std::find_if(words_.begin(), end, is_boolean_word);
  if (at == end || at == words_.begin()) return;
  all_.log_output.set_format(log_format::text);
  all_.log.warning("boolean parameters must be passed in the command line with " + *(at - 1) + "=" +
                   *at);
  all_.log.warning("parameters after this may be ignored");
  all_.log_output.set_format(log_format::runner);
}

int application::usage_error(parsed_flags const& wrong) {
  print_help("Incorrect Usage. " + wrong.failure + "\n\n" + help_.application_page(false));
  all_.log_output.set_format(log_format::text);
  all_.log.fatal(wrong.failure + (wrong.hint.empty() ? "" : ", " + wrong.hint));
  return 1;
}

bool application::set_up_logging() {
  auto const refuse = [this](std::string const& why) {
    all_.log_output.set_format(log_format::text);
    all_.log.fatal("Error while setting up logging configuration", {{"error", why}});
    return false;
  };
  if (global_.level) {
    auto const level = parse_log_level(*global_.level);
    if (!level) {
      return refuse("failed to parse log level: not a valid logrus Level: \"" + *global_.level +
                    "\"");
    }
    all_.log_output.set_level(*level);
  }
  if (global_.debug) all_.log_output.set_level(log_level::debug);
  all_.level_given = global_.level || global_.debug;
  if (global_.format) {
    auto const format = parse_log_format(*global_.format);
    if (!format) {
      return refuse("unknown log format \"" + *global_.format +
                    "\", expected one of: [runner text json]");
    }
    all_.log_output.set_format(*format);
    all_.format_given = true;
  }
  return true;
}

// Children and libraries expect HOME; a service manager may start us without it.
bool application::find_home() {
  if (auto const home = all_.variables("HOME"); home && !home->empty()) return true;
  if (passwd const* const entry = ::getpwuid(::getuid()); entry && *entry->pw_dir) {
    ::setenv("HOME", entry->pw_dir, 1);
    return true;
  }
  all_.log.fatal("homedir variable is not set: \"HOME\"");
  return false;
}

bool application::start_profile() {
  if (global_.cpu_profile.empty()) return true;
  auto const why = profile_.start(global_.cpu_profile);
  if (why) all_.log.fatal(*why);
  return !why;
}

int application::run() {
  // Who does not want colours says so: https://no-color.org. Scripts of GitLab Runner's users
  // expect them.
  if (auto const none = all_.variables("NO_COLOR"); none && !none->empty()) {
    all_.log_output.set_colours(false);
  }
  warn_of_boolean_words();
  auto const variables = [this](std::string_view name) -> std::optional<std::string> {
    auto value = all_.variables(name);
    // Unlike the switches of commands, an empty RUNNER_DEBUG is off.
    if (name == "RUNNER_DEBUG" && value && value->empty()) return std::nullopt;
    return value;
  };
  auto parsed = parse_flags(global_.flags(), words_, variables, mixing::before_argument);
  if (!parsed.failure.empty()) return usage_error(parsed);
  if (global_.help || global_.all_of_help) {
    print_help(help_.application_page(global_.all_of_help));
    return 0;
  }
  if (global_.version) {
    print_help(version_block());
    return 0;
  }
  if (!set_up_logging() || !find_home() || !start_profile()) return 1;
  return dispatch(std::move(parsed.arguments));
}

int application::call_in_group(command_entry const& group, std::vector<std::string> words) {
  if (group.flags) {
    auto parsed = parse_flags(group.flags(all_), words, all_.variables, mixing::before_argument);
    if (!parsed.failure.empty()) {
      print_help("Incorrect Usage: " + parsed.failure + "\n\n" + help_.group_page(group));
      all_.log.fatal(parsed.failure + (parsed.hint.empty() ? "" : ", " + parsed.hint));
      return 1;
    }
    words = parsed.help ? std::vector<std::string>() : std::move(parsed.arguments);
  }
  bool const asked = words.empty() || words.front() == "help" || words.front() == "h" ||
                     is_help_flag(words.front());
  if (asked) {
    if (!words.empty()) words.erase(words.begin());
    words.insert(words.begin(), std::string(group.name));
    return help_.show(words);
  }
  auto const name = words.front();
  words.erase(words.begin());
  auto const* const which = find_command(group.below, name);
  if (!which && group.stray == stray_word::shows_help) return help_.show({std::string(group.name)});
  if (!which) return help_.not_found(name, group.below);
  return call(*which, std::string(group.name) + ' ' + name, std::move(words));
}

int application::dispatch(std::vector<std::string> words) {
  if (words.empty() || words.front() == "help" || words.front() == "h") {
    if (!helper_) log_start();
    if (!words.empty()) words.erase(words.begin());
    return help_.show(words);
  }
  auto const name = words.front();
  words.erase(words.begin());
  auto const* const which = help_.find(name);
  // The helper's lines go into job logs: it has less to say.
  if (!helper_ && (!which || which->start == greeting::logged)) log_start();
  if (!which) return help_.not_found(name);
  return which->below.empty() ? call(*which, name, std::move(words))
                              : call_in_group(*which, std::move(words));
}

void application::log_start() const {
  auto const& facts = version();
  all_.log.info("Runtime platform", {{"arch", facts.arch},
                                     {"os", facts.os},
                                     {"pid", ::getpid()},
                                     {"revision", facts.revision},
                                     {"version", facts.version}});
}

int application::call(command_entry const& which, std::string const& name,
                      std::vector<std::string> words) {
  auto what = which.make(all_);
  // Before parsing: help tells the defaults, not what this command line makes of them.
  auto const flags = what->flags();
  auto const help = [&](extent how_much) {
    return command_help(all_.program, name, which, which.make(all_)->flags(), how_much);
  };
  auto parsed = parse_flags(flags, words, all_.variables, which.words);
  if (!parsed.failure.empty()) {
    print_help("Incorrect Usage: " + parsed.failure + "\n\n" + help(help_extent(false)));
    all_.log.fatal(parsed.failure + (parsed.hint.empty() ? "" : ", " + parsed.hint));
    return 1;
  }
  if (parsed.help) {
    print_help(help(help_extent(parsed.all_of_help)));
    return 0;
  }
  if (which.signals == stopping::by_default) open_stop_signals();
  return run_to_end(std::move(what), std::move(parsed.arguments));
}

// The command dies with its last step, so that nothing it held (idle connections) keeps the loop
// busy.
awaitable<int> run_and_drop(std::unique_ptr<command> what, std::vector<std::string> arguments) {
  co_return co_await what->run(std::move(arguments));
}

int application::run_to_end(std::unique_ptr<command> what, std::vector<std::string> arguments) {
  int code = 1;
  asio::co_spawn(all_.io, run_and_drop(std::move(what), std::move(arguments)),
                 [&](std::exception_ptr failure, int result) {
                   if (failure) std::rethrow_exception(failure);
                   code = result;
                 });
  try {
    all_.io.run();
  } catch (std::exception const& unexpected) {
    all_.log.fatal(unexpected.what());
    return 1;
  }
  return code;
}

}  // namespace

int run_application(services& all, std::vector<std::string> words) {
  if (all.program == helper_program) words = with_handed_arguments(std::move(words));
  return application(all, std::move(words)).run();
}

}  // namespace corunner
