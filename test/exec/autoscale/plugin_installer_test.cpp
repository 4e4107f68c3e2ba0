#include "exec/autoscale/plugin_installer.hpp"

#include "exec/archive/safe_tree.hpp"
#include "test/exec/archive/scratch.hpp"
#include "test/exec/autoscale/registry_world.hpp"
#include "test/exec/scripted_launcher.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <sys/file.h>

namespace corunner::test {

namespace {

using namespace exec;

// Where the plugin r.test/group/plugin is published for this machine.
struct installing : registry_world {
  installing() { publish("1.2.3", plugin_layer(), {"1.2.3", "1.2", "1", "latest"}); }

  void publish(std::string const& version, std::string const& layer,
               std::vector<std::string> const& tags) {
    publish_manifest(plugin_manifest(layer, version), tags);
    content[base + "blobs/" + digest_of(layer)] = {200, layer};
  }
  void publish_manifest(std::string const& manifest, std::vector<std::string> const& tags) {
    for (auto const& tag : tags) {
      content[base + "manifests/" + tag] = {200, plugin_index(manifest, "amd64")};
    }
    content[base + "manifests/" + digest_of(manifest)] = {200, manifest};
  }

  config::outcome<std::string> install(std::string const& plugin) {
    running<config::outcome<std::string>> const got(*this, installer.install(plugin));
    REQUIRE(got.value);
    return *got.value;
  }
  std::string failure(std::string const& plugin) { return install(plugin).error().message; }

  std::string const base = "r.test/v2/group/plugin/";
  std::string const versions = "plugins/r.test/group/plugin";
  scratch disk;
  net::blocking_pool pool{0};
  scripted_launcher launcher;
  plugin_installer installer{{client, time, pool, launcher,
                              [this](std::string_view name) -> std::optional<std::string> {
                                if (name == "FLEETING_PLUGIN_PATH") return disk.path("plugins");
                                if (name == "HOME") return disk.path();
                                return std::nullopt;
                              },
                              {"linux", "amd64", ""}}};
};

}  // namespace

TEST_CASE("the version that a tag stands for is installed", "[autoscale][install]") {
  installing i;
  auto const path = i.install("r.test/group/plugin:1");
  REQUIRE(path.has_value());
  CHECK(*path == i.disk.path(i.versions + "/1.2.3/plugin"));
  CHECK(i.disk.mode(i.versions + "/1.2.3/plugin") == 0755);
  CHECK(i.disk.list(i.versions) == "1.2.3/\n1.2.3/plugin = #!/bin/sh\n\n");
  CHECK(i.places().size() == 3);
}

TEST_CASE("a version that is there is not fetched again", "[autoscale][install]") {
  installing i;
  REQUIRE(i.install("r.test/group/plugin").has_value());
  i.seen.clear();
  CHECK(i.install("r.test/group/plugin").has_value());
  CHECK(i.places().size() == 2);
  i.publish("1.3.0", plugin_layer("new"), {"latest"});
  CHECK(i.install("r.test/group/plugin").value() == i.disk.path(i.versions + "/1.3.0/plugin"));
  CHECK(i.disk.exists(i.versions + "/1.2.3/plugin"));
}

TEST_CASE("what is no plugin makes room for one", "[autoscale][install]") {
  installing i;
  i.disk.file(i.versions + "/1.2.3/readme", "half of something");
  CHECK(i.install("r.test/group/plugin").has_value());
  CHECK(i.disk.list(i.versions) == "1.2.3/\n1.2.3/plugin = #!/bin/sh\n\n");
}

TEST_CASE("what a killed installation left is removed, one that runs is not",
          "[autoscale][install]") {
  installing i;
  i.disk.file(i.versions + "/.install-killed/layer", "half");
  i.disk.file(i.versions + "/.install-running/layer", "half");
  owned_descriptor const busy(
      ::open(i.disk.path(i.versions + "/.install-running").c_str(), O_RDONLY | O_CLOEXEC));
  REQUIRE(::flock(busy.get(), LOCK_EX | LOCK_NB) == 0);
  REQUIRE(i.install("r.test/group/plugin").has_value());
  CHECK_FALSE(i.disk.exists(i.versions + "/.install-killed"));
  CHECK(i.disk.exists(i.versions + "/.install-running/layer"));
}

TEST_CASE("nothing is left of an installation that failed", "[autoscale][install]") {
  installing i;
  i.disk.folder("plugins");
  std::string expected;
  SECTION("for another machine only") {
    i.content[i.base + "manifests/latest"] = {200, plugin_index("{}", "arm64")};
    expected =
        "'r.test/group/plugin:latest': there is nothing for linux/amd64 in it, only for linux/arm64";
  }
  SECTION("an image that is no plugin") {
    i.publish_manifest(R"({"layers": []})", {"latest"});
    expected =
        "'r.test/group/plugin:latest': it is no fleeting plugin: none of its layers has the annotation "
        "'com.gitlab.fleeting.layer'";
  }
  SECTION("a manifest that was changed") {
    i.content[i.base + "manifests/" + digest_of(plugin_manifest(plugin_layer(), "1.2.3"))] = {200,
                                                                                              "{}"};
    expected = "registry 'r.test' sent something else for " +
               digest_of(plugin_manifest(plugin_layer(), "1.2.3")) + " of 'group/plugin'";
  }
  SECTION("a version that is none") {
    i.publish_manifest(plugin_manifest("layer", "../../evil"), {"latest"});
    expected = "'r.test/group/plugin:latest': its version '../../evil' is none";
  }
  SECTION("a pre-release under a name for releases") {
    i.publish_manifest(plugin_manifest("layer", "2.0.0-rc.1"), {"latest"});
    expected =
        "'r.test/group/plugin:latest': it holds version 2.0.0-rc.1, which is not what 'latest' means";
  }
  SECTION("a layer that was changed") {
    i.content[i.base + "blobs/" + digest_of(plugin_layer())] = {200, plugin_layer("x#!/bin/sh")};
    expected = "registry 'r.test' sent something else for " + digest_of(plugin_layer());
  }
  SECTION("a layer that is too large") {
    i.publish_manifest(
        fmt::format(R"({{"layers": [{{"digest": "{}", "size": 1073741825, "annotations": )"
                    R"({{"com.gitlab.fleeting.layer": "1.0.0"}}}}]}})",
                    digest_of("")),
        {"latest"});
    expected =
        "'r.test/group/plugin:latest': its layer of 1073741825 bytes is too large, 1073741824 are the most";
  }
  SECTION("a hostile layer") {
    i.publish("1.0.0", gzip(craft_tar({{"plugin/plugin"}, {"../evil"}})), {"latest"});
    expected = "'r.test/group/plugin:latest': the layer has '../evil', expected 'plugin/FILE'";
  }
  CHECK(i.failure("r.test/group/plugin") == expected);
  CHECK(i.disk.list("plugins").find("1.") == std::string::npos);
  CHECK(i.disk.list("plugins").find("install") == std::string::npos);
}

TEST_CASE("a tag without an index leads to its manifest", "[autoscale][install]") {
  installing i;
  i.content[i.base + "manifests/latest"] = {200, plugin_manifest(plugin_layer(), "1.2.3")};
  CHECK(i.install("r.test/group/plugin").value() == i.disk.path(i.versions + "/1.2.3/plugin"));
  CHECK(i.places().size() == 2);
}

TEST_CASE("nothing is installed for a program", "[autoscale][install]") {
  installing i;
  i.disk.file("mine", "#!/bin/sh\n", 0755);
  CHECK(i.install(i.disk.path("mine")).value() == i.disk.path("mine"));
  CHECK(i.seen.empty());
}

TEST_CASE("the login that docker has is used", "[autoscale][install]") {
  installing i;
  i.disk.file(".docker/config.json", R"({"auths": {"r.test": {"auth": "dXNlcjpwYXNz"}}})");
  i.answer = [](registry_world::asked const& what) -> std::optional<registry_world::told> {
    if (what.authorization == "Basic dXNlcjpwYXNz") return std::nullopt;
    return registry_world::told{401, "", {{"WWW-Authenticate", "Basic realm=r"}}};
  };
  CHECK(i.install("r.test/group/plugin").has_value());
}

}  // namespace corunner::test
