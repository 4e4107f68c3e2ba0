#pragma once

#include "config/failure.hpp"
#include "config/file.hpp"
#include "exec/autoscale/plugin_reference.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace corunner::exec {

// Where plugins are installed: $FLEETING_PLUGIN_PATH, else ~/.config/fleeting/plugins. In it a
// version of a plugin is the directory REGISTRY/REPOSITORY/NAME/VERSION with the program `plugin`,
// upper case letters escaped. (executor-autoscaler.md 4.1; GitLab Runner finds there what we
// install, and the reverse.)
std::filesystem::path plugin_directory(config::environment const& variables);

inline constexpr std::string_view plugin_program = "plugin";

// Where the program of a plugin is.
struct plugin_place {
  std::string path;     // empty: nowhere, `failure` says where it was looked for
  std::string failure;
  bool on_its_own = false;  // the reference names a program: nothing is ever installed for it

  bool found() const { return !path.empty(); }
};

// Looks for what `plugin` in [runners.autoscaler] names: a program's path as it is;
// "fleeting-plugin-..." in $PATH; the highest installed version that its constraint matches. A
// failure is that of a reference that is none. Blocks, for a few directory entries.
config::outcome<plugin_place> find_plugin(std::string_view plugin,
                                          config::environment const& variables);

}  // namespace corunner::exec
