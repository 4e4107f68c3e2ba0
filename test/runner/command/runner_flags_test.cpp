#include "runner/command/runner_flags.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <set>

using namespace corunner;

TEST_CASE("every flag of an entry sets the entry", "[command][register]") {
  config::runner_entry entry;
  auto const flags = runner_flags(entry);
  auto const set = [&](std::string_view name, std::string_view text) {
    auto const found = std::find_if(flags.begin(), flags.end(), [&](flag const& each) {
      auto const names = each.each_name();
      return std::find(names.begin(), names.end(), name) != names.end();
    });
    REQUIRE(found != flags.end());
    auto const why = found->take ? found->take(text) : config::set_from_text(found->target, text);
    REQUIRE_FALSE(why);
  };
  set("description", "d");
  set("token", "glrt-x");
  set("docker-image", "alpine");
  set("cache-s3-bucket-name", "b");
  set("custom_build_dir-enabled", "true");
  set("kubernetes-namespace", "ci");
  set("kubernetes-helper_container_security_context-seccomp_profile-type", "Localhost");
  set("kubernetes-pod-security-context-supplemental-groups", "7");
  set("kubernetes-host_aliases", R"([{"ip":"1.2.3.4","hostnames":["a"]},{"ip":"::1"}])");
  CHECK(entry.name == "d");
  CHECK(entry.token.reveal() == "glrt-x");
  CHECK(entry.docker->image == "alpine");
  CHECK(entry.cache->s3->bucket_name == "b");
  CHECK(entry.custom_build_dir.enabled == true);
  auto const& kubernetes = *entry.kubernetes;
  CHECK(kubernetes.pod_namespace == "ci");
  CHECK(kubernetes.helper_container_security_context.seccomp_profile->type == "Localhost");
  CHECK(kubernetes.build_container_security_context.seccomp_profile->type.empty());
  CHECK(kubernetes.pod_security_context.supplemental_groups == std::vector<std::int64_t>{7});
  REQUIRE(kubernetes.host_aliases.size() == 2);
  CHECK(kubernetes.host_aliases[0].hostnames == std::vector<std::string>{"a"});
  CHECK(kubernetes.host_aliases[1].ip == "::1");
}

TEST_CASE("a list of tables is refused when its text is not a JSON array of them",
          "[command][register]") {
  config::runner_entry entry;
  auto const flags = runner_flags(entry);
  auto const found = std::find_if(flags.begin(), flags.end(), [](flag const& each) {
    return each.names == "kubernetes-host_aliases";
  });
  REQUIRE(found != flags.end());
  CHECK(found->take("1.2.3.4 a").has_value());
  CHECK(found->take("{}").has_value());
  CHECK(found->take(R"([{"ip":4}])").has_value());
}

TEST_CASE("no name stands for two flags", "[command][register]") {
  config::runner_entry entry;
  std::set<std::string_view> names;
  auto const flags = runner_flags(entry);
  for (flag const& each : flags) {
    for (auto const name : each.each_name()) {
      CAPTURE(name);
      CHECK(names.insert(name).second);
    }
  }
  CHECK(names.size() > 330);
}
