#include "config/merge.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;

TEST_CASE("a template fills what is empty and leaves what was given", "[config][merge]") {
  config::runner_entry entry;
  entry.name = "given";
  entry.limit = 2;
  entry.environment = {"A=1"};
  config::runner_entry from;
  from.name = "template";
  from.limit = 9;
  from.output_limit = 7;
  from.environment = {"B=2"};
  from.shell = "sh";
  config::merge_template(entry, from);
  CHECK(entry.name == "given");
  CHECK(entry.limit == 2);
  CHECK(entry.output_limit == 7);
  CHECK(entry.environment == std::vector<std::string>{"A=1"});
  CHECK(entry.shell == "sh");
}

TEST_CASE("a given false or 0 is filled like an absent one", "[config][merge]") {
  config::runner_entry entry;
  entry.debug_trace_disabled = false;
  entry.clean_git_config = false;
  config::runner_entry from;
  from.debug_trace_disabled = true;
  from.clean_git_config = true;
  from.strict_check_interval = false;
  config::merge_template(entry, from);
  CHECK(entry.debug_trace_disabled);
  CHECK(entry.clean_git_config == true);
  CHECK(entry.strict_check_interval == false);
}

TEST_CASE("maps are filled key by key and tables recursively", "[config][merge]") {
  config::runner_entry entry;
  entry.feature_flags = config::flag_map{{"FF_A", true}, {"FF_B", false}};
  entry.docker.emplace().image = "given";
  config::runner_entry from;
  from.feature_flags = config::flag_map{{"FF_A", false}, {"FF_B", true}, {"FF_C", true}};
  from.docker.emplace().image = "template";
  from.docker->services.emplace_back().name = "postgres";
  from.cache.emplace().s3.emplace().bucket_name = "bucket";
  config::merge_template(entry, from);
  CHECK(entry.feature_flags.or_empty() ==
        config::flag_map{{"FF_A", true}, {"FF_B", true}, {"FF_C", true}});
  CHECK(entry.docker->image == "given");
  REQUIRE(entry.docker->services.size() == 1);
  CHECK(entry.docker->services[0].name == "postgres");
  REQUIRE(entry.cache.has_value());
  CHECK(entry.cache->s3->bucket_name == "bucket");
}

TEST_CASE("token and times never come from a template", "[config][merge]") {
  config::runner_entry entry;
  config::runner_entry from;
  from.token = secret("glrt-template");
  from.token_obtained_at = config::timestamp(std::chrono::seconds(1'800'000'000));
  config::merge_template(entry, from);
  CHECK(entry.token.empty());
  CHECK_FALSE(entry.token_obtained_at);
}

TEST_CASE("the deep tables of a template fill, its free tables by key, and it is not changed",
          "[config][merge]") {
  config::runner_entry entry;
  entry.token = secret("given");
  auto& scaler = entry.autoscaler.emplace();
  scaler.plugin_config.entries = {{"name", config::node::of(std::string_view("mine"))}};
  config::runner_entry from;
  from.token = secret("template");
  auto& theirs = from.autoscaler.emplace();
  theirs.plugin_config.entries = {{"name", config::node::of(std::string_view("theirs"))},
                                  {"zone", config::node::of(std::string_view("z"))}};
  theirs.instance_creation_time_buckets = {1, 2};
  auto& kubernetes = from.kubernetes.emplace();
  kubernetes.retry_limits = {{"timeout", 3}};
  kubernetes.volumes.empty_dir.emplace_back().name = "e";
  kubernetes.pod_security_context.supplemental_groups = {7};
  auto const before = config::runner_entry(from);
  config::merge_template(entry, from);
  CHECK(entry.token.reveal() == "given");
  CHECK(entry.autoscaler->plugin_config.entries[0].value.text == "mine");
  REQUIRE(entry.autoscaler->plugin_config.entries.size() == 2);
  CHECK(entry.autoscaler->plugin_config.entries[1].value.text == "z");
  CHECK(entry.autoscaler->instance_creation_time_buckets == std::vector<double>{1, 2});
  CHECK(entry.kubernetes->retry_limits.at("timeout") == 3);
  REQUIRE(entry.kubernetes->volumes.empty_dir.size() == 1);
  CHECK(entry.kubernetes->volumes.empty_dir[0].name == "e");
  CHECK(entry.kubernetes->pod_security_context.supplemental_groups == std::vector<std::int64_t>{7});
  CHECK(from.token.reveal() == "template");
  CHECK(*from.kubernetes == *before.kubernetes);
  CHECK(*from.autoscaler == *before.autoscaler);
}
