#include "runner/command/config_access.hpp"

#include <filesystem>

namespace corunner {

flag config_access::flag() { return {"c, config", &path_, "Config file", "CONFIG_FILE"}; }

config::outcome<loaded_config> config_access::load() {
  auto values = config::load_file(path_, all_.variables);
  if (!values) return values.error();
  auto const id = config::load_system_id(std::filesystem::path(path_).parent_path());
  if (!id) return config::failure{"loading system ID file: " + id.error().message};
  if (id->not_written) {
    all_.log.warning("Couldn't save new system ID on state file. In order to reliably identify this "
                     "runner in jobs with a known identifier, please ensure there is a text file at "
                     "the location specified in `state_file` with the contents of `system_id`.");
  }
  if (id->created) {
    all_.log.info("Created missing unique system ID", {{"system_id", id->value}});
  }
  return loaded_config{*std::move(values), id->value};
}

std::optional<config::failure> config_access::save(config::configuration const& values) {
  return config::save_file(values, path_);
}

}  // namespace corunner
