#include "config/field.hpp"
#include "config/file.hpp"
#include "test/config/observed_case.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

// What files in the field rely on beyond TOML 1.0 (config.md 2).

namespace {

config::configuration decoded(std::string_view text) {
  auto read = config::decode(text, test::no_variable);
  CAPTURE(text, read ? "" : read.error().message);
  REQUIRE(read.has_value());
  return *std::move(read);
}

std::string refusal(std::string_view text) {
  auto const read = config::decode(text, test::no_variable);
  return read ? "" : read.error().message;
}

}  // namespace

TEST_CASE("an inline table may span lines and end in a comma", "[config][dialect]") {
  auto const read = decoded(
      "[[runners]]\n[runners.docker]\nsysctls = {\n  \"net.x\" = \"1\", # why\n  plain = \"2\",\n}\n");
  CHECK(read.runners[0].docker->sysctls == config::string_map{{"net.x", "1"}, {"plain", "2"}});
}

TEST_CASE("strings know \\e and \\xHH", "[config][dialect]") {
  auto const read = decoded("[[runners]]\nname = \"\\x41\\e[0m\"\n");
  CHECK(read.runners[0].name == "A\033[0m");
  CHECK(config::encode(read).find("name = \"A\\u001b[0m\"") != std::string::npos);
}

TEST_CASE("a time may come without seconds", "[config][dialect]") {
  auto const read = decoded("[[runners]]\ntoken_expires_at = 2027-01-02T03:04Z\n");
  CHECK(config::format_timestamp(read.runners[0].token_expires_at) == "2027-01-02T03:04:00Z");
}

TEST_CASE("a byte order mark and DOS line ends change nothing", "[config][dialect]") {
  auto const read = decoded("\xef\xbb\xbf" "concurrent = 3\r\n[[runners]]\r\nname = \"n\"\r\n");
  CHECK(read.concurrent == 3);
  CHECK(read.runners[0].name == "n");
}

TEST_CASE("a key or a table given twice is a syntax error with its line", "[config][dialect]") {
  CHECK(refusal("concurrent = 1\nconcurrent = 2\n").starts_with("toml: line 2"));
  CHECK(refusal("[session_server]\n[labels]\n[session_server]\n").starts_with("toml: line 3"));
}

TEST_CASE("an exact key wins over one that differs in case, whatever comes first",
          "[config][dialect]") {
  CHECK(decoded("CONCURRENT = 4\n").concurrent == 4);
  CHECK(decoded("[[Runners]]\n[Runners.Kubernetes]\nNAMESPACE = \"n\"\n")
            .runners[0].kubernetes->pod_namespace == "n");
}

TEST_CASE("the keys of maps and of free tables keep their case", "[config][dialect]") {
  auto const read = decoded(
      "[labels]\nKeyOne = \"v\"\n[[runners]]\n[runners.autoscaler.plugin_config]\n"
      "Name = \"asg\"\nNested = { B = 2, A = [1, \"x\", { C = true }] }\nwhen = 2027-01-02T03:04:05Z\n");
  CHECK(read.labels.contains("KeyOne"));
  auto const saved = config::encode(read);
  CHECK(saved.find("    [runners.autoscaler.plugin_config]\n"
                   "      Name = \"asg\"\n"
                   "      when = 2027-01-02T03:04:05Z\n"
                   "      [runners.autoscaler.plugin_config.Nested]\n"
                   "        A = [1, \"x\", {C = true}]\n"
                   "        B = 2\n") != std::string::npos);
  CHECK(config::encode(decoded(saved)) == saved);
}

TEST_CASE("absent and false are told apart where the key says so", "[config][dialect]") {
  auto const read = decoded(
      "[[runners]]\n[runners.kubernetes]\nprivileged = false\ncleanup_grace_period_seconds = 0\n"
      "runtime_class_name = \"\"\n[runners.autoscaler]\nreservation_throttling = false\n");
  auto const& kubernetes = *read.runners[0].kubernetes;
  CHECK(kubernetes.privileged == false);
  CHECK_FALSE(kubernetes.allow_privilege_escalation.has_value());
  CHECK(kubernetes.cleanup_grace_period_seconds == 0);
  CHECK_FALSE(kubernetes.pod_termination_grace_period_seconds.has_value());
  auto const saved = config::encode(read);
  for (std::string_view const line :
       {"privileged = false\n", "cleanup_grace_period_seconds = 0\n", "runtime_class_name = \"\"\n",
        "reservation_throttling = false\n"}) {
    CAPTURE(line);
    CHECK(saved.find(line) != std::string::npos);
  }
}

TEST_CASE("nothing is converted to a type that it is not", "[config][dialect]") {
  auto const [line, types] = GENERATE(table<std::string, std::string>({
      {"cpu_limit = 1", "int64; destination has type string"},
      {"privileged = \"true\"", "string; destination has type boolean"},
      {"poll_interval = \"3\"", "string; destination has type integer"},
      {"poll_interval = 3.0", "float64; destination has type integer"},
      {"allowed_images = \"a\"", "string; destination has type slice"},
      {"node_selector = \"a\"", "string; destination has type map"},
      {"volumes = []", "array; destination has type table"},
      {"pod_spec = 1", "int64; destination has type slice"},
  }));
  CAPTURE(line);
  auto const key = line.substr(0, line.find(' '));
  CHECK(refusal("[[runners]]\n[runners.kubernetes]\n" + line + "\n") ==
        "toml: line 3 (last key \"runners.kubernetes." + key +
            "\"): incompatible types: TOML value has type " + types);
}

TEST_CASE("quantities of Kubernetes and sizes of Docker stay the texts they are",
          "[config][dialect]") {
  auto const read = decoded(
      "[[runners]]\n[runners.docker]\nmemory = \"1.5 GiB\"\ncpus = \"1/2\"\n[runners.kubernetes]\n"
      "cpu_limit = \"500m\"\nmemory_request = \"64Mi\"\n");
  CHECK(read.runners[0].docker->memory == "1.5 GiB");
  CHECK(read.runners[0].docker->cpus == "1/2");
  CHECK(read.runners[0].kubernetes->cpu_limit == "500m");
  CHECK(read.runners[0].kubernetes->memory_request == "64Mi");
}

TEST_CASE("an NFS volume without what it needs is refused with all that is missing",
          "[config][dialect]") {
  CHECK(refusal("[[runners]]\n[[runners.kubernetes.volumes.nfs]]\nname = \"n\"\npath = \"/p\"\n") ==
        "toml: line 2 (last key \"runners.kubernetes.volumes.nfs\"): nfs volume: missing required "
        "fields: mount_path, server");
}

TEST_CASE("a table of zeros is left out, and so is an empty profile that nobody wrote",
          "[config][dialect]") {
  auto const saved = config::encode(decoded(
      "[[runners]]\n[runners.autoscaler]\nplugin = \"aws\"\n[runners.autoscaler.scale_throttle]\n"
      "limit = 0\n[runners.kubernetes]\n[runners.kubernetes.pod_security_context]\n"));
  CHECK(saved.find("scale_throttle") == std::string::npos);
  CHECK(saved.find("pod_security_context") == std::string::npos);
  CHECK(saved.find("[runners.kubernetes.volumes]") != std::string::npos);
  CHECK(saved.find("[runners.kubernetes.dns_config]") != std::string::npos);
}
