#include "runner/command/config_access.hpp"

#include <filesystem>
#include <functional>
#include <string_view>

namespace corunner {

flag config_access::flag() { return {"c, config", &path_, "Config file", "CONFIG_FILE"}; }

std::size_t fingerprint_of(config::file_text const& text) {
  if (text.missing) return 0;
  return std::max<std::size_t>(std::hash<std::string_view>()(text.bytes), 1);
}

config::outcome<loaded_config> config_access::load_alone(bool strict) {
  config::inspection how{.strict = strict, .problems = {}};
  auto const text = config::read_file(path_);
  if (!text) return config::failure{"decoding configuration file: " + text.error().message};
  auto values = text->missing ? config::configuration()
                              : config::load_text(text->bytes, path_, all_.variables, &how);
  if (!values) return values.error();
  for (auto const& line : config::describe_briefly(how.problems, path_)) all_.log.warning(line);
  return loaded_config{*std::move(values), "", fingerprint_of(*text)};
}

config::outcome<loaded_config> config_access::load(bool strict) {
  auto loaded = load_alone(strict);
  if (!loaded) return loaded;
  auto const directory = std::filesystem::path(path_).parent_path();
  auto const id = config::load_system_id(directory);
  if (!id) return config::failure{"loading system ID file: " + id.error().message};
  if (id->not_written) {
    all_.log.warning(
        "cannot keep the system id: it may change with the next start, and GitLab will "
        "see another runner manager; write it to the file below to prevent that",
        {{"error", id->not_written->message},
         {"state_file", (directory / ".runner_system_id").string()},
         {"system_id", id->value}});
  }
  if (id->created) {
    all_.log.info("Created missing unique system ID", {{"system_id", id->value}});
  }
  loaded->system_id = id->value;
  return loaded;
}

std::optional<config::failure> config_access::save(config::configuration const& values) {
  return config::save_file(values, path_);
}

}  // namespace corunner
