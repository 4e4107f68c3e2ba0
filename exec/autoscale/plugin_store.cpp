#include "exec/autoscale/plugin_store.hpp"

#include "exec/autoscale/plugin_version.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <optional>

namespace corunner::exec {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view program_prefix = "fleeting-plugin-";

bool is_program(fs::path const& path) {
  std::error_code ec;
  return fs::is_regular_file(path, ec) && ::access(path.c_str(), X_OK) == 0;
}

fs::path find_in_path(std::string_view name, std::string_view directories) {
  for (;;) {
    auto const end = directories.find(':');
    // An empty entry is the current directory for a shell; who is not typing does not mean that.
    auto const candidate = fs::path(directories.substr(0, end)) / name;
    if (end != 0 && !directories.empty() && is_program(candidate)) return candidate;
    if (end == directories.npos) return {};
    directories.remove_prefix(end + 1);
  }
}

struct installed {
  plugin_version version;
  fs::path program;
};

std::optional<installed> best_in(fs::path const& directory, std::string_view constraint) {
  std::optional<installed> best;
  std::error_code ec;
  for (fs::directory_iterator at(directory, ec), end; !ec && at != end; at.increment(ec)) {
    auto const version = parse_plugin_version(unescape_case(at->path().filename().string()));
    if (!version || !matches(*version, constraint) || (best && *version < best->version)) continue;
    auto const program = at->path() / plugin_program;
    if (is_program(program)) best = installed{*version, program};
  }
  return best;
}

}  // namespace

fs::path plugin_directory(config::environment const& variables) {
  if (auto const given = variables("FLEETING_PLUGIN_PATH"); given && !given->empty()) return *given;
  return fs::path(variables("HOME").value_or("")) / ".config/fleeting/plugins";
}

config::outcome<plugin_place> find_plugin(std::string_view plugin,
                                          config::environment const& variables) {
  plugin_place out;
  bool const is_path =
      plugin.starts_with('/') || plugin.starts_with("./") || plugin.starts_with("../");
  if (is_program(plugin)) {
    out.on_its_own = true;
    out.path = plugin;
    return out;
  }
  if (is_path) {
    return config::failure{fmt::format("plugin not found: there is no program '{}'", plugin)};
  }
  if (plugin.starts_with(program_prefix) && plugin.find_first_of("/:") == plugin.npos) {
    out.path = find_in_path(plugin, variables("PATH").value_or("")).string();
    out.on_its_own = out.found();
    if (out.found()) return out;
  }
  auto const wanted = parse_plugin_reference(plugin);
  if (!wanted) return wanted.error();
  auto const directory = plugin_directory(variables) / wanted->directory();
  if (auto const best = best_in(directory, wanted->constraint)) {
    out.path = best->program.string();
  } else {
    out.failure = fmt::format("plugin not found: no version '{}' in '{}'", wanted->constraint,
                              directory.string());
  }
  return out;
}

}  // namespace corunner::exec
