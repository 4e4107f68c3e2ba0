// Feeds arbitrary bytes to what reads of a plugin: its reference, a registry's challenge and
// documents, docker's config.json, a layer. The first byte chooses which.
//
// Beyond not crashing: a reference that is taken stays in its directory and reads the same when it
// is written again; what is taken from a document is bounded by it; a configuration that is written
// reads the same; and a layer puts nothing but plain files into its own directory.
#include "exec/autoscale/content_digest.hpp"
#include "exec/autoscale/oci_challenge.hpp"
#include "exec/autoscale/oci_manifest.hpp"
#include "exec/autoscale/plugin_layer.hpp"
#include "exec/autoscale/plugin_reference.hpp"
#include "exec/autoscale/plugin_version.hpp"
#include "exec/engine/docker_config.hpp"
#include "test/exec/autoscale/plugin_crafting.hpp"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

using namespace corunner;

namespace {

namespace fs = std::filesystem;

void require(bool holds) {
  if (!holds) std::abort();
}

void try_reference(std::string_view text) {
  auto const parsed = exec::parse_plugin_reference(text);
  if (!parsed) return;
  auto const again = exec::parse_plugin_reference(parsed->text());
  // A registry without a dot is one only for who wrote it so.
  if (parsed->registry.find_first_of(".:") != std::string::npos) {
    require(again && *again == *parsed);
  }
  fs::path const below(parsed->directory());
  require(below.is_relative() && below.lexically_normal() == below);
  for (auto const& part : below) require(part != ".." && part != ".");
  require(exec::unescape_case(parsed->directory()) == parsed->registry + '/' + parsed->path());
}

void try_version(std::string_view text) {
  auto const version = exec::parse_plugin_version(text);
  if (!version) return;
  require((*version <=> *version) == 0);
  require(exec::matches(*version, "latest") == version->pre_release.empty());
}

void try_documents(std::string_view text) {
  for (auto const& got :
       {exec::choose_manifest(text, {"linux", "arm", "v7"}), exec::find_plugin_layer(text)}) {
    if (got) {
      require(exec::is_content_digest(got->digest) && got->size > 0 &&
              got->version.size() <= text.size());
    }
  }
}

void try_challenge(std::string_view text) {
  std::size_t size = 0;
  for (auto const& each : exec::challenges_in({{"WWW-Authenticate", std::string(text)}})) {
    size += each.scheme.size();
    for (auto const& [name, value] : each.parameters) size += name.size() + value.size();
  }
  require(size <= text.size());
}

void try_docker_config(std::string_view text) {
  auto config = exec::docker_config::parse(text);
  if (!config) return;
  (void)config->login("r.example.com");
  (void)config->helper("r.example.com");
  exec::registry_login const login{"user", secret("pass"), {}};
  config->put("r.example.com", login);
  auto const again = exec::docker_config::parse(config->text());
  require(again && again->login("r.example.com") == login && again->text() == config->text());
}

void try_layer(std::string_view bytes) {
  static std::string root = (fs::temp_directory_path() / "corunner-plugin-fuzz-XXXXXX").string();
  static bool const made = ::mkdtemp(root.data()) != nullptr;
  require(made);
  auto const content = root + "/content";
  fs::remove_all(content);
  fs::create_directory(content);
  std::ofstream(root + "/layer", std::ios::binary) << bytes;
  std::string why;
  auto const file = exec::input_file::open(root + "/layer", "layer", why);
  require(file.has_value());
  why = exec::unpack_plugin_layer(*file, content, exec::unpack_budget(1 << 20));
  bool program = false;
  for (auto const& each : fs::recursive_directory_iterator(content)) {
    require(each.symlink_status().type() == fs::file_type::regular);
    program = program || each.path().filename() == "plugin";
  }
  require(!why.empty() || program);
  require(std::distance(fs::directory_iterator(root), fs::directory_iterator()) == 2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view const text(reinterpret_cast<char const*>(data) + 1, size - 1);
  switch (data[0] % 7) {
    case 0: try_reference(text); break;
    case 1: try_version(text); break;
    case 2: try_documents(text); break;
    case 3: try_challenge(text); break;
    case 4: try_docker_config(text); break;
    case 5: try_layer(text); break;
    case 6: try_layer(test::gzip(text)); break;  // a search would not find the checksum
  }
  return 0;
}
