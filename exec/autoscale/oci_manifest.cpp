#include "exec/autoscale/oci_manifest.hpp"

#include "exec/autoscale/content_digest.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace corunner::exec {

namespace {

namespace json = boost::json;

constexpr std::string_view layer_annotation = "com.gitlab.fleeting.layer";

json::value parsed(std::string_view document) {
  boost::system::error_code broken;
  auto tree = json::parse(document, broken);
  return broken ? json::value() : tree;
}

json::value const* member(json::value const& of, std::string_view name) {
  auto const* const members = of.if_object();
  return members ? members->if_contains(name) : nullptr;
}

json::array const* list(json::value const& of, std::string_view name) {
  auto const* const found = member(of, name);
  return found ? found->if_array() : nullptr;
}

std::string text(json::value const* of, std::string_view name) {
  auto const* const found = of ? member(*of, name) : nullptr;
  return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

config::outcome<oci_descriptor> descriptor(json::value const& of) {
  oci_descriptor out;
  out.digest = text(&of, "digest");
  auto const* const size = member(of, "size");
  if (!is_content_digest(out.digest)) {
    return config::failure{fmt::format("its digest '{}' is no SHA-256", out.digest.substr(0, 100))};
  }
  if (!size || !size->is_int64() || size->get_int64() <= 0) {
    return config::failure{"it does not tell a size"};
  }
  out.size = static_cast<std::uint64_t>(size->get_int64());
  return out;
}

// Variants that run here, the best first.
std::vector<std::string> variants_for(oci_platform const& platform) {
  std::vector<std::string> out{platform.variant};
  if (!platform.variant.empty()) out.emplace_back();
  if (platform.architecture == "amd64" && platform.variant.empty()) out.emplace_back("v1");
  if (platform.architecture == "arm64" && platform.variant.empty()) out.emplace_back("v8");
  if (platform.architecture != "arm") return out;
  for (std::string_view const each : {"v7", "v6", "v5"}) {
    if (each < platform.variant) out.emplace_back(each);
  }
  return out;
}

}  // namespace

oci_platform host_platform() {
#if defined(__x86_64__)
  return {"linux", "amd64", ""};
#elif defined(__aarch64__)
  return {"linux", "arm64", ""};
#elif defined(__arm__)
  return {"linux", "arm", __ARM_ARCH >= 7 ? "v7" : __ARM_ARCH == 6 ? "v6" : "v5"};
#elif defined(__i386__)
  return {"linux", "386", ""};
#elif defined(__riscv)
  return {"linux", "riscv64", ""};
#elif defined(__powerpc64__)
  return {"linux", "ppc64le", ""};
#elif defined(__s390x__)
  return {"linux", "s390x", ""};
#elif defined(__loongarch64)
  return {"linux", "loong64", ""};
#else
#error "which name do container registries have for this architecture?"
#endif
}

bool is_image_index(std::string_view document) {
  return list(parsed(document), "manifests") != nullptr;
}

config::outcome<oci_descriptor> choose_manifest(std::string_view index,
                                                oci_platform const& platform) {
  auto const tree = parsed(index);
  auto const* const all = list(tree, "manifests");
  if (!all) return config::failure{"it is no image index"};
  std::string known;
  auto const variants = variants_for(platform);
  auto best = variants.end();
  json::value const* chosen = nullptr;
  for (auto const& each : *all) {
    auto const* const what = member(each, "platform");
    auto const os = text(what, "os");
    auto const architecture = text(what, "architecture");
    auto const variant = text(what, "variant");
    if (known.size() < 300) {
      known += fmt::format("{}{}/{}{}{}", known.empty() ? "" : ", ", os, architecture,
                           variant.empty() ? "" : "/", variant);
    }
    if (os != platform.os || architecture != platform.architecture) continue;
    auto const rank = std::find(variants.begin(), variants.end(), variant);
    if (rank >= best) continue;
    best = rank;
    chosen = &each;
  }
  if (chosen) return descriptor(*chosen);
  return config::failure{fmt::format(
      "there is nothing for {}/{}{}{} in it, only for {}", platform.os, platform.architecture,
      platform.variant.empty() ? "" : "/", platform.variant, known.empty() ? "nobody" : known)};
}

config::outcome<oci_descriptor> find_plugin_layer(std::string_view manifest) {
  auto const tree = parsed(manifest);
  auto const* const layers = list(tree, "layers");
  if (!layers) return config::failure{"its manifest is no image manifest"};
  for (auto const& each : *layers) {
    auto version = text(member(each, "annotations"), layer_annotation);
    if (version.empty()) continue;
    auto out = descriptor(each);
    if (out) out->version = std::move(version);
    return out;
  }
  return config::failure{fmt::format(
      "it is no fleeting plugin: none of its layers has the annotation '{}'", layer_annotation)};
}

}  // namespace corunner::exec
