#include "config/file.hpp"

#include "config/atomic_file.hpp"
#include "config/labels.hpp"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

namespace corunner::config {

environment process_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    char const* const value = std::getenv(std::string(name).c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
  };
}

std::filesystem::path default_directory(environment const& variables) {
  if (::getuid() == 0) return "/etc/gitlab-runner";
  auto home = variables("HOME").value_or("");
  if (home.empty()) {
    passwd const* const entry = ::getpwuid(::getuid());
    if (entry && entry->pw_dir) home = entry->pw_dir;
  }
  std::error_code ec;
  if (home.empty()) return std::filesystem::current_path(ec);
  return std::filesystem::path(home) / ".gitlab-runner";
}

std::filesystem::path default_file(environment const& variables) {
  return default_directory(variables) / "config.toml";
}

namespace {

// Docker Machine needs the machine's name in each of these options.
std::optional<failure> check_machine_options(configuration const& what) {
  for (runner_entry const& each : what.runners) {
    if (!each.machine) continue;
    for (auto const& option : each.machine->machine_options_with_name) {
      if (option.find("%s") != std::string::npos) continue;
      return failure{"machine option with name \"" + option + "\" must contain %s placeholder"};
    }
  }
  return std::nullopt;
}

}  // namespace

outcome<configuration> load_file(std::filesystem::path const& file, environment const& variables) {
  auto const text = read_file(file);
  if (!text) return failure{"decoding configuration file: " + text.error().message};
  if (text->missing) return configuration();
  auto values = decode(text->bytes, variables);
  if (!values) return failure{"decoding configuration file: " + values.error().message};
  if (auto const why = check_labels(*values)) return failure{"invalid config: " + why->message};
  if (auto const why = check_machine_options(*values)) {
    return failure{"invalid config: " + why->message};
  }
  if (!values->connection_max_age) values->connection_max_age = std::chrono::minutes(15);
  return values;
}

std::optional<failure> save_file(configuration const& what, std::filesystem::path const& file) {
  if (auto const why = make_directory(file.parent_path())) {
    return failure{"creating directory: " + why->message};
  }
  if (auto const why = replace_file(file, encode(what))) {
    return failure{"saving the file: " + why->message};
  }
  return std::nullopt;
}

}  // namespace corunner::config
