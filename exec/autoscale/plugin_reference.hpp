#pragma once

#include "config/failure.hpp"

#include <string>
#include <string_view>

namespace corunner::exec {

// What `plugin` in [runners.autoscaler] names when it names no program: an artifact in a container
// registry.
//
// Forms: NAME, REPOSITORY/NAME, REGISTRY/REPOSITORY/NAME, each with ":CONSTRAINT" behind it or not.
// A first part with a dot or a port is a registry. (executor-autoscaler.md 4.1)
struct plugin_reference {
  std::string registry;    // "registry.gitlab.com", "127.0.0.1:5000"
  std::string repository;  // "gitlab-org/fleeting/plugins"
  std::string name;        // "aws"
  std::string constraint;  // "latest", "1", "1.5", "1.5.1": also the tag in the registry

  // Below the registry: "gitlab-org/fleeting/plugins/aws".
  std::string path() const { return repository.empty() ? name : repository + '/' + name; }
  std::string text() const { return registry + '/' + path() + ':' + constraint; }
  // Below the directory that plugins are installed in.
  std::string directory() const;

  bool operator==(plugin_reference const&) const = default;
};

config::outcome<plugin_reference> parse_plugin_reference(std::string_view text);

// Whether it may stand before the path: "registry.example.com", "localhost:5000", "[::1]:5000".
bool is_registry_host(std::string_view text);

inline constexpr std::string_view default_plugin_registry = "registry.gitlab.com";

// Names in file systems that do not tell upper from lower case, as Go's modules have them: "A" is
// "!a".
std::string escape_case(std::string_view name);
// The reverse; empty for what escape_case() gives of nothing.
std::string unescape_case(std::string_view name);

}  // namespace corunner::exec
