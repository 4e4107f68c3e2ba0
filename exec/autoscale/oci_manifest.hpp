#pragma once

#include "config/failure.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace corunner::exec {

// Content in a registry, as a manifest names it.
struct oci_descriptor {
  std::string digest;  // is_content_digest()
  std::uint64_t size = 0;
  std::string version;  // of a plugin's layer: what its annotation says

  bool operator==(oci_descriptor const&) const = default;
};

// For which machines something is: "linux", "arm", "v7".
struct oci_platform {
  std::string os;
  std::string architecture;
  std::string variant;
};

// The one that this program was built for.
oci_platform host_platform();

// What the document behind a tag is; neither is a failure of the functions below. Documents are
// JSON (OCI image specification 1.1, image-index.md, manifest.md); their media types are not
// insisted on, as publishers of plugins write docker's, too.
bool is_image_index(std::string_view document);

// The manifest of an index that is best for `platform`: of the very variant, else of one without a
// variant, else (arm) of the next lower one.
config::outcome<oci_descriptor> choose_manifest(std::string_view index,
                                                oci_platform const& platform);

// The first layer of a manifest with the annotation "com.gitlab.fleeting.layer", whose value is the
// version of the plugin in it. (executor-autoscaler.md 4.1)
config::outcome<oci_descriptor> find_plugin_layer(std::string_view manifest);

}  // namespace corunner::exec
