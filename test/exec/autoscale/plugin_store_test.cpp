#include "exec/autoscale/plugin_store.hpp"

#include "test/net/temporary_directory.hpp"

#include <catch2/catch_test_macros.hpp>

#include <sys/stat.h>

#include <fstream>
#include <map>

namespace corunner::test {

namespace {

namespace fs = std::filesystem;
using namespace exec;

struct machine {
  temporary_directory home;
  std::map<std::string, std::string, std::less<>> variables{{"HOME", home.path().string()}};
  fs::path plugins = home.path() / ".config/fleeting/plugins";

  static void program(fs::path const& path, mode_t mode = 0755) {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "#!/bin/sh\n";
    REQUIRE(::chmod(path.c_str(), mode) == 0);
  }
  // An installed version; the path of its program.
  std::string install(std::string const& directory, std::string const& version) const {
    auto const path = plugins / directory / version / "plugin";
    program(path);
    return path.string();
  }
  config::environment environment() const {
    return [this](std::string_view name) -> std::optional<std::string> {
      auto const found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
  }
  config::outcome<plugin_place> find(std::string_view plugin) const {
    return find_plugin(plugin, environment());
  }
  std::string path_of(std::string_view plugin) const {
    auto const found = find(plugin);
    return found ? found->path : "failure: " + found.error().message;
  }
};

std::string const aws = "registry.gitlab.com/gitlab-org/fleeting/plugins/aws";

}  // namespace

TEST_CASE("the highest installed version that the constraint means is found",
          "[autoscale][store]") {
  machine m;
  auto const low = m.install(aws, "1.2.9");
  auto const high = m.install(aws, "1.10.0");
  m.install(aws, "2.0.0-rc.1");
  m.install(aws, "notes");
  CHECK(m.path_of("aws") == high);
  CHECK(m.path_of("aws:1") == high);
  CHECK(m.path_of("aws:1.2") == low);
  CHECK(m.path_of("gitlab-org/fleeting/plugins/aws:1.2.9") == low);
  CHECK(m.path_of("registry.gitlab.com/gitlab-org/fleeting/plugins/aws:1.2.9") == low);
  CHECK(m.path_of("aws:2.0.0-rc.1").ends_with("/2.0.0-rc.1/plugin"));
  CHECK(m.path_of("aws:2") == "");
  CHECK(m.find("aws:2")->failure ==
        "plugin not found: no version '2' in '" + (m.plugins / aws).string() + "'");
}

TEST_CASE("a version without a program is not installed", "[autoscale][store]") {
  machine m;
  auto const good = m.install(aws, "1.0.0");
  fs::create_directories(m.plugins / aws / "1.1.0");
  machine::program(m.plugins / aws / "1.2.0/plugin", 0644);
  fs::create_directories(m.plugins / aws / "1.3.0/plugin");
  CHECK(m.path_of("aws") == good);
}

TEST_CASE("directories with escaped upper case are those of the reference", "[autoscale][store]") {
  machine m;
  auto const path = m.install("registry.gitlab.com/!group/!plugin", "1.0.0-!r!c.1");
  CHECK(m.path_of("Group/Plugin:1.0.0-RC.1") == path);
  CHECK(m.path_of("group/plugin:1.0.0-RC.1") == "");
}

TEST_CASE("plugins are where FLEETING_PLUGIN_PATH says", "[autoscale][store]") {
  machine m;
  m.install(aws, "1.0.0");
  m.variables["FLEETING_PLUGIN_PATH"] = (m.home.path() / "elsewhere").string();
  CHECK(m.path_of("aws") == "");
  m.plugins = m.home.path() / "elsewhere";
  auto const there = m.install(aws, "0.9.0");
  CHECK(m.path_of("aws") == there);
}

TEST_CASE("a path is the program itself", "[autoscale][store]") {
  machine m;
  auto const path = (m.home.path() / "my-plugin").string();
  CHECK(m.path_of(path) == "failure: plugin not found: there is no program '" + path + "'");
  machine::program(path, 0644);
  CHECK(m.path_of(path).starts_with("failure: "));
  machine::program(path);
  CHECK(m.path_of(path) == path);
  CHECK(m.find(path)->on_its_own);
}

TEST_CASE("a program of the right name in PATH is the plugin", "[autoscale][store]") {
  machine m;
  auto const directory = m.home.path() / "bin";
  m.variables["PATH"] = "/nowhere::" + directory.string();
  CHECK_FALSE(m.find("fleeting-plugin-test-aws")->found());
  machine::program(directory / "fleeting-plugin-test-aws");
  machine::program(directory / "test-aws");
  CHECK(m.path_of("fleeting-plugin-test-aws") == (directory / "fleeting-plugin-test-aws").string());
  CHECK(m.find("fleeting-plugin-test-aws")->on_its_own);
  CHECK(m.path_of("test-aws") == "");
  CHECK(m.path_of("fleeting-plugin-test-aws:1") == "");
}

TEST_CASE("what is no reference is said to be none", "[autoscale][store]") {
  machine m;
  CHECK_FALSE(m.find("").has_value());
  CHECK_FALSE(m.find("aws:newest").has_value());
}

}  // namespace corunner::test
