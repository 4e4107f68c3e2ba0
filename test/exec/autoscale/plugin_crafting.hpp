#pragma once

#include "exec/archive/byte_order.hpp"
#include "exec/archive/compress.hpp"
#include "exec/archive/crc32.hpp"
#include "exec/autoscale/content_digest.hpp"
#include "test/exec/archive/tar_crafting.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace corunner::test {

// One gzip member; `extra` is what stands in its header behind the fixed part, as `flags` tell.
inline std::string gzip(std::string_view bytes, unsigned char flags = 0,
                        std::string_view extra = {}) {
  std::string out("\x1f\x8b\x08", 3);
  out += static_cast<char>(flags);
  out += std::string(6, '\0');
  out += extra;
  out += exec::deflate_whole(bytes, exec::compression_level::normal);
  exec::put(out, exec::crc32(bytes));
  exec::put(out, static_cast<std::uint32_t>(bytes.size()));
  return out;
}

inline std::string plugin_layer(std::string const& program = "#!/bin/sh\n") {
  return gzip(craft_tar({{"plugin/plugin", '0', program}}));
}

inline std::string layer_descriptor(std::string_view layer, std::string_view version) {
  return fmt::format(
      R"({{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "digest": "{}", "size": {},)"
      R"( "annotations": {{"com.gitlab.fleeting.layer": "{}"}}}})",
      exec::digest_of(layer), layer.size(), version);
}

inline std::string plugin_manifest(std::string_view layer, std::string_view version) {
  return fmt::format(R"({{"schemaVersion": 2, "layers": [{}]}})", layer_descriptor(layer, version));
}

// An index with one manifest, for the machine we are on unless told otherwise.
inline std::string plugin_index(std::string_view manifest, std::string_view architecture) {
  return fmt::format(R"({{"schemaVersion": 2, "manifests": [{{"digest": "{}", "size": {},)"
                     R"( "platform": {{"os": "linux", "architecture": "{}"}}}}]}})",
                     exec::digest_of(manifest), manifest.size(), architecture);
}

}  // namespace corunner::test
