#include "exec/autoscale/plugin_installer.hpp"

#include "exec/autoscale/install_directory.hpp"
#include "exec/autoscale/plugin_layer.hpp"
#include "exec/autoscale/plugin_store.hpp"
#include "exec/autoscale/plugin_version.hpp"

#include <fmt/format.h>

#include <memory>

namespace corunner::exec {

namespace {

// Far above all plugins, far below what fills a disk.
constexpr std::uint64_t largest_layer = std::uint64_t(1) << 30;

// Writes a layer into the file of its install directory, off the loop.
class layer_file final : public blob_sink {
 public:
  layer_file(net::blocking_pool& pool, std::shared_ptr<install_directory> where)
      : pool_(pool), where_(std::move(where)) {}

  awaitable<std::string> begin() override {
    co_return co_await net::on_pool(pool_, [where = where_] { return where->begin_layer(); });
  }
  std::string digest() override { return where_->layer_digest(); }
  awaitable<std::string> write(std::string_view bytes) override {
    // A cancelled writer may be gone before the pool is done.
    co_return co_await net::on_pool(
        pool_, [where = where_, kept = std::string(bytes)] { return where->write_layer(kept); });
  }

 private:
  net::blocking_pool& pool_;
  std::shared_ptr<install_directory> where_;
};

}  // namespace

plugin_installer::plugin_installer(surroundings with)
    : with_(std::move(with)),
      credentials_(with_.launcher, with_.time, with_.variables),
      root_(std::filesystem::absolute(plugin_directory(with_.variables))) {}

awaitable<plugin_installer::artifact> plugin_installer::resolve(oci_registry& registry,
                                                                plugin_reference wanted) {
  artifact out;
  auto const fail = [&](std::string const& why) {
    out.failure = fmt::format("'{}': {}", wanted.text(), why);
  };
  auto document = co_await registry.manifest(wanted.path(), wanted.constraint);
  if (document && is_image_index(*document)) {
    auto const chosen = choose_manifest(*document, with_.platform);
    if (!chosen) {
      fail(chosen.error().message);
      co_return out;
    }
    document = co_await registry.manifest(wanted.path(), chosen->digest);
  }
  if (!document) {
    out.failure = document.error().message;
    co_return out;
  }
  auto const layer = find_plugin_layer(*document);
  auto const version = layer ? parse_plugin_version(layer->version) : std::nullopt;
  if (!layer) {
    fail(layer.error().message);
  } else if (!version) {
    fail(fmt::format("its version '{}' is none", layer->version.substr(0, 100)));
  } else if (!matches(*version, wanted.constraint)) {
    fail(fmt::format("it holds version {}, which is not what '{}' means",
                     layer->version.substr(0, 100), wanted.constraint));
  } else if (layer->size > largest_layer) {
    fail(fmt::format("its layer of {} bytes is too large, {} are the most", layer->size,
                     largest_layer));
  } else {
    out.layer = *layer;
  }
  co_return out;
}

awaitable<std::string> plugin_installer::install_layer(oci_registry& registry,
                                                       plugin_reference wanted,
                                                       oci_descriptor layer) {
  auto const versions = root_ / wanted.directory();
  auto const name = escape_case(layer.version);
  auto const made = co_await net::on_pool(
      with_.pool, [versions, name] { return install_directory::make(versions, name); });
  if (!made->failure().empty() || made->is_installed()) co_return made->failure();
  layer_file file(with_.pool, made);
  auto why = co_await registry.blob(wanted.path(), layer, file);
  if (!why.empty()) co_return why;
  why = co_await net::on_pool(with_.pool, [made] { return made->publish(); });
  co_return why.empty() ? why : fmt::format("'{}': {}", wanted.text(), why);
}

awaitable<config::outcome<std::string>> plugin_installer::install(std::string plugin) {
  auto const there = find_plugin(plugin, with_.variables);
  if (!there) co_return there.error();
  if (there->on_its_own) co_return there->path;
  auto const wanted = parse_plugin_reference(plugin);
  if (!wanted) co_return wanted.error();
  auto const login = co_await credentials_.find(wanted->registry);
  if (!login) co_return login.error();
  oci_registry registry(with_.http, with_.time, wanted->registry, *login);
  auto const found = co_await resolve(registry, *wanted);
  if (!found.failure.empty()) co_return config::failure{found.failure};
  auto const why = co_await install_layer(registry, *wanted, found.layer);
  if (!why.empty()) co_return config::failure{why};
  auto const now = find_plugin(plugin, with_.variables);
  if (!now) co_return now.error();
  if (!now->found()) co_return config::failure{now->failure};
  co_return now->path;
}

}  // namespace corunner::exec
