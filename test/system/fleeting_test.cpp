// `corunner fleeting` with a real container registry: plugins come, are found and run, and what
// goes wrong is told in one line.

#include "exec/autoscale/oci_manifest.hpp"
#include "test/exec/autoscale/plugin_crafting.hpp"
#include "test/system/support/files.hpp"
#include "test/system/support/registry_program.hpp"

#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

#include <sys/stat.h>

namespace corunner::test {

namespace {

namespace fs = std::filesystem;

struct fleet : world {
  explicit fleet(std::string user = "") : registry(*this, std::move(user)) {}

  registry_program registry;
  std::string const plugin = registry.host() + "/group/plugin";
  fs::path const plugins =
      path("home") / ".config/fleeting/plugins" / registry.host() / "group/plugin";

  // `fleeting --config FILE WORDS` of a file with one entry, which uses that plugin.
  finished fleeting(std::string const& named, std::vector<std::string> words,
                    start_options how = {}) {
    auto const config =
        configure({.url = "http://127.0.0.1:1",
                   .token = "glrt-fleetfleetfleet00001",
                   .entry = fmt::format("  [runners.autoscaler]\n    plugin = \"{}\"\n", named)});
    words.insert(words.begin(), {"fleeting", "--config", config.string()});
    auto one = start(std::move(words), std::move(how));
    auto const code = one.wait();
    return {code, one.out(), one.err()};
  }
  std::string line(std::string const& named, std::string const& version) const {
    return fmt::format("runner: fleetflee, plugin: {}, path: {}\n", named,
                       (plugins / version / "plugin").string());
  }
  // `echo PASSWORD | corunner fleeting login --username USER --password-stdin HOST`.
  finished login(std::string const& user, std::string const& password) {
    return try_run("sh", {"-c", "export HOME=\"$1\"; printf '%s\\n' \"$2\" | "
                                "\"$5\" fleeting login --username \"$3\" --password-stdin \"$4\"",
                          "sh", path("home").string(), password, user, registry.host(),
                          program({}).program.string()});
  }
};

std::string script(std::string_view says) { return fmt::format("#!/bin/sh\necho {}\n", says); }

std::string last_line(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

}  // namespace

TEST_CASE("a plugin is installed, listed, runs, and is upgraded when that is asked for",
          "[system][fleeting]") {
  fleet f;
  f.registry.publish("group/plugin", "1.0.0", plugin_layer(script("one")),
                     {"1.0.0", "1", "latest"});
  auto const missing = f.fleeting(f.plugin, {"list"});
  CHECK(missing.code == 1);
  CHECK(missing.out == "");
  CHECK(last_line(missing.err) ==
        fmt::format("runner: fleetflee, plugin: {}, error: plugin not found: no version "
                    "'latest' in '{}'",
                    f.plugin, f.plugins.string()));

  auto const installed = f.fleeting(f.plugin, {"install"});
  INFO(installed.err);
  CHECK(installed.code == 0);
  CHECK(installed.out == f.line(f.plugin, "1.0.0"));
  CHECK(f.run((f.plugins / "1.0.0/plugin").string(), {}) == "one\n");
  CHECK(f.fleeting(f.plugin, {"list"}).out == f.line(f.plugin, "1.0.0"));

  f.registry.publish("group/plugin", "1.1.0", plugin_layer(script("two")),
                     {"1.1.0", "1", "latest"});
  CHECK(f.fleeting(f.plugin, {"install"}).out == "");
  CHECK(f.fleeting(f.plugin + ":1", {"install", "--upgrade"}).out ==
        f.line(f.plugin + ":1", "1.1.0"));
  CHECK(f.run((f.plugins / "1.1.0/plugin").string(), {}) == "two\n");
  CHECK(f.fleeting(f.plugin + ":1.0", {"list"}).out == f.line(f.plugin + ":1.0", "1.0.0"));
  CHECK(names_in(f.plugins) == std::vector<std::string>{"1.0.0", "1.1.0"});
}

TEST_CASE("a registry with users gives a plugin to who has logged in", "[system][fleeting]") {
  fleet f("ci");
  f.registry.publish("group/plugin", "1.0.0", plugin_layer(), {"latest"});
  auto const stranger = f.fleeting(f.plugin, {"install"});
  CHECK(stranger.code == 1);
  CHECK(
      last_line(stranger.err) ==
      fmt::format(
          "runner: fleetflee, plugin: {0}, install/update error:: registry '{1}' wants a user and a password: "
          "fleeting login --username USER --password-stdin {1}",
          f.plugin, f.registry.host()));

  auto const file = f.path("home") / ".docker/config.json";
  auto const wrong = f.login("ci", "guessed");
  CHECK(wrong.code == 0);
  auto const refused = f.fleeting(f.plugin, {"install"});
  CHECK(refused.code == 1);
  CHECK(last_line(refused.err).find("does not let user 'ci' read 'group/plugin'") !=
        std::string::npos);
  CHECK((refused.out + refused.err).find("guessed") == std::string::npos);

  auto const right = f.login("ci", "open-sesame");
  INFO(right.err);
  CHECK(right.code == 0);
  CHECK(right.out == fmt::format("logged in via {}\n", file.string()));
  CHECK(right.err.find("open-sesame") == std::string::npos);
  struct stat found {};
  REQUIRE(::stat(file.c_str(), &found) == 0);
  CHECK((found.st_mode & 07777) == 0600);
  auto const installed = f.fleeting(f.plugin, {"install"});
  INFO(installed.err);
  CHECK(installed.out == f.line(f.plugin, "1.0.0"));
}

TEST_CASE("docker's own program for credentials keeps the login and gives it back",
          "[system][fleeting]") {
  fleet f("ci");
  f.registry.publish("group/plugin", "1.0.0", plugin_layer(), {"latest"});
  auto const helper = f.path("bin") / "docker-credential-box";
  write_file(
      helper,
      fmt::format(
          "#!/bin/sh\ncase $1 in\nstore) cat > '{0}' ;;\nget) cat '{0}' ;;\n*) exit 1 ;;\nesac\n",
          f.path("box").string()));
  fs::permissions(helper, fs::perms::owner_all);
  write_file(f.path("docker/config.json"), R"({"credsStore": "box", "psFormat": "table"})");
  start_options const how{.directory = {},
                          .environment = {{"PATH", f.path("bin").string() + ":/usr/bin:/bin"},
                                          {"DOCKER_CONFIG", f.path("docker").string()}}};
  auto login = f.start(
      {"fleeting", "login", "--username", "ci", "--password", "open-sesame", f.registry.host()},
      how);
  CHECK(login.wait() == 0);
  CHECK(login.out() == fmt::format("logged in via {}\n", f.path("docker/config.json").string()));
  auto const kept = read_file(f.path("docker/config.json"));
  CHECK(kept.find("psFormat") != std::string::npos);
  CHECK(kept.find(f.registry.host()) != std::string::npos);
  CHECK(kept.find("auth\"") == std::string::npos);
  auto const installed = f.fleeting(f.plugin, {"install"}, how);
  INFO(installed.err);
  CHECK(installed.code == 0);
}

TEST_CASE("what goes wrong is told in one line, and nothing is left", "[system][fleeting]") {
  fleet f;
  auto plugin = f.plugin;
  std::string why;
  SECTION("a blob that was damaged") {
    auto const digest = f.registry.publish("group/plugin", "1.0.0", plugin_layer(), {"latest"});
    auto bytes = read_file(f.registry.blob_file(digest));
    bytes[12] = static_cast<char>(bytes[12] + 1);
    write_file(f.registry.blob_file(digest), bytes);
    why = fmt::format("registry '{}' sent something else for {}", f.registry.host(), digest);
  }
  SECTION("another machine's plugin") {
    f.registry.publish("group/plugin", "1.0.0", plugin_layer(), {"latest"}, "mips64le");
    why = fmt::format("'{}:latest': there is nothing for linux/{} in it, only for linux/mips64le",
                      plugin, exec::host_platform().architecture);
  }
  SECTION("a layer that would leave its directory") {
    f.registry.publish("group/plugin", "1.0.0",
                       gzip(craft_tar({{"plugin/plugin"}, {"plugin/../../evil"}})), {"latest"});
    why = fmt::format("'{}:latest': the layer has 'plugin/../../evil', expected 'plugin/FILE'",
                      plugin);
  }
  SECTION("a tag that is not there") {
    plugin += ":7";
    why = fmt::format("registry '{}' has no '7' of 'group/plugin' (manifest unknown)",
                      f.registry.host());
  }
  SECTION("a registry that is not there") {
    f.registry.stop();
    why = fmt::format("cannot reach registry '{}': connection refused", f.registry.host());
  }
  SECTION("a name that is none") {
    plugin = "group/../plugin";
    why =
        "invalid plugin 'group/../plugin': expected the path of a program, NAME, REPOSITORY/NAME or "
        "REGISTRY/REPOSITORY/NAME";
  }
  auto const failed = f.fleeting(plugin, {"install"});
  CHECK(failed.code == 1);
  CHECK(failed.out == "");
  CHECK(last_line(failed.err) ==
        fmt::format("runner: fleetflee, plugin: {}, install/update error:: {}", plugin, why));
  CHECK(names_in(f.plugins).empty());
}

TEST_CASE("a login that cannot be is refused", "[system][fleeting]") {
  world w;
  auto const [words, why] = GENERATE(table<std::vector<std::string>, std::string>({
      {{"registry.example.com"}, "username and password required"},
      {{"--username", "ci", "registry.example.com"}, "username and password required"},
      {{"--username", "ci", "--password", "secret", "no registry"},
       "'no registry' is no host of a registry"},
  }));
  auto all = words;
  all.insert(all.begin(), {"fleeting", "login"});
  auto one = w.start(all);
  CHECK(one.wait() == 1);
  CHECK(one.out() == "");
  CHECK(one.err().find("FATAL: login: " + why) != std::string::npos);
  CHECK_FALSE(fs::exists(w.path("home") / ".docker"));
}

}  // namespace corunner::test
