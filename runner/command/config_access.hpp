#pragma once

#include "config/atomic_file.hpp"
#include "config/file.hpp"
#include "config/system_id.hpp"
#include "runner/command/flag.hpp"
#include "runner/command/services.hpp"

#include <string>

namespace corunner {

// A configuration file as the registration commands use it.
struct loaded_config {
  config::configuration values;
  std::string system_id;
  std::size_t fingerprint = 0;  // of the file's text (fingerprint_of)
};

// Tells texts of files apart; 0 for a file that is not there.
std::size_t fingerprint_of(config::file_text const& text);

// The --config flag of a command and what it names: load with the system id beside it, save.
class config_access {
 public:
  explicit config_access(services& all) : all_(all), path_(all.config_file) {}

  corunner::flag flag();
  std::string const& path() const { return path_; }

  // The file (a missing one: defaults) and the machine's system id, which is written beside it
  // when it was not there. What the file's writer should hear of is logged, a warning each; a
  // strict load fails for it, as it does when the file itself is strict.
  config::outcome<loaded_config> load(bool strict = false);
  // The same without an id, for who tells no GitLab of it: nothing is written.
  config::outcome<loaded_config> load_alone(bool strict = false);

  std::optional<config::failure> save(config::configuration const& values);

 private:
  services& all_;
  std::string path_;
};

}  // namespace corunner
