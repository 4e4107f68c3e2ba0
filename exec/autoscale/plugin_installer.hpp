#pragma once

#include "config/file.hpp"
#include "exec/autoscale/oci_registry.hpp"
#include "exec/autoscale/plugin_reference.hpp"
#include "exec/engine/docker_credentials.hpp"
#include "net/blocking_pool.hpp"
#include "net/http_client.hpp"
#include "net/time_source.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace corunner::exec {

// Installs plugins of the autoscaler from container registries.
//
// The tag that a reference's constraint is leads to the manifest for this machine and that to the
// layer with the plugin and its exact version. The layer goes into a directory of its own beside
// the versions that are there, is unpacked there, and gets its name in one step, so nobody ever
// sees half a plugin; a version that is there is left as it is. What an installation that was
// killed left behind is removed by the next one. All references outlive the installer.
// (executor-autoscaler.md 4.1)
class plugin_installer {
 public:
  struct surroundings {
    net::http_client& http;
    net::time_source& time;
    net::blocking_pool& pool;
    process_launcher& launcher;  // for docker's credential helpers
    config::environment variables;
    oci_platform platform = host_platform();
  };

  explicit plugin_installer(surroundings with);

  // The path of the program, which find_plugin() gives for the reference from now on; the failure
  // tells what happened in words for a person.
  awaitable<config::outcome<std::string>> install(std::string plugin);

 private:
  struct artifact {
    oci_descriptor layer;
    std::string failure;
  };
  awaitable<artifact> resolve(oci_registry& registry, plugin_reference wanted);
  awaitable<std::string> install_layer(oci_registry& registry, plugin_reference wanted,
                                       oci_descriptor layer);

  surroundings with_;
  docker_credentials credentials_;
  std::filesystem::path root_;
};

}  // namespace corunner::exec
