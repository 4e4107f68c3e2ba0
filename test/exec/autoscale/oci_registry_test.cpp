#include "test/exec/autoscale/registry_world.hpp"

#include "net/error.hpp"
#include "net/http_text.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

namespace corunner::test {

namespace {

using namespace exec;
using namespace std::chrono_literals;

struct asking : registry_world {
  explicit asking(std::optional<registry_login> login = std::nullopt, std::string host = "r.test")
      : registry(client, time, std::move(host), std::move(login)) {}

  config::outcome<std::string> manifest(std::string reference) {
    running<config::outcome<std::string>> const got(*this, read(reference));
    REQUIRE(got.value);
    return *got.value;
  }
  std::string failure(std::string reference) {
    return manifest(std::move(reference)).error().message;
  }
  std::string blob(std::string_view named, std::uint64_t size) {
    oci_descriptor const what{digest_of(named), size, ""};
    running<std::string> const got(*this, registry.blob("group/plugin", what, into));
    REQUIRE(got.value);
    return *got.value;
  }
  void put_blob(std::string_view named, std::string bytes) {
    content["r.test/v2/group/plugin/blobs/" + digest_of(named)] = {200, std::move(bytes)};
  }

  // A plain outcome, for what has to wait.
  awaitable<config::outcome<std::string>> read(std::string reference) {
    co_return co_await registry.manifest("group/plugin", std::move(reference));
  }

  oci_registry registry;
  kept_blob into;
};

std::string const tag = "r.test/v2/group/plugin/manifests/1";

}  // namespace

TEST_CASE("a document is asked for in all forms that registries keep", "[autoscale][registry]") {
  asking a;
  a.content[tag] = {200, "{}"};
  CHECK(a.manifest("1").value() == "{}");
  REQUIRE(a.seen.size() == 1);
  CHECK(a.seen[0].accept.find("application/vnd.oci.image.index.v1+json") != std::string::npos);
  CHECK(a.seen[0].accept.find("application/vnd.docker.distribution.manifest.v2+json") !=
        std::string::npos);
  CHECK(a.seen[0].authorization == "");
}

TEST_CASE("what was asked for by digest is what comes", "[autoscale][registry]") {
  asking a;
  auto const path = "r.test/v2/group/plugin/manifests/" + digest_of("document");
  a.content[path] = {200, "document"};
  CHECK(a.manifest(digest_of("document")).value() == "document");
  a.content[path] = {200, "documents"};
  CHECK(a.failure(digest_of("document")) == "registry 'r.test' sent something else for " +
                                                digest_of("document") + " of 'group/plugin'");
}

TEST_CASE("a document of more than 4 MiB is refused", "[autoscale][registry]") {
  asking a;
  a.content[tag] = {200, std::string((4 << 20) + 1, ' ')};
  CHECK(a.failure("1").starts_with("registry 'r.test' did not send all of 'group/plugin:1': "));
}

TEST_CASE("what a registry refuses is told with its own words", "[autoscale][registry]") {
  asking a;
  CHECK(a.failure("2") == "registry 'r.test' has no '2' of 'group/plugin' (unknown)");
  a.content[tag] = {403, R"({"errors": [{"message": "line\nbreak"}]})"};
  CHECK(a.failure("1") ==
        "registry 'r.test' does not let anybody read 'group/plugin' (line break)");
  a.content[tag] = {418, "tea"};
  CHECK(a.failure("1") == "registry 'r.test' answers 418");
}

TEST_CASE("a blob comes whole or not at all", "[autoscale][registry]") {
  asking a;
  a.put_blob("layer", "layer");
  CHECK(a.blob("layer", 5) == "");
  CHECK(a.into.bytes == "layer");
  auto const other = "registry 'r.test' sent something else for " + digest_of("layer");
  a.put_blob("layer", "Layer");
  CHECK(a.blob("layer", 5) == other);
  a.put_blob("layer", "laye");
  CHECK(a.blob("layer", 5) == other);
  // No more is taken than was announced.
  a.put_blob("layer", std::string(1 << 20, 'x'));
  CHECK(a.blob("layer", 5) == other);
  CHECK(a.into.bytes.size() <= 5);
}

TEST_CASE("a blob that cannot be kept is not asked for again", "[autoscale][registry]") {
  asking a;
  a.put_blob("layer", "layer");
  a.into.failure = "the disk is full";
  CHECK(a.blob("layer", 5) == "the disk is full");
  CHECK(a.seen.size() == 1);
}

TEST_CASE("a connection that breaks within a blob is made anew", "[autoscale][registry]") {
  asking a;
  std::string const bytes(100'000, 'x');
  a.put_blob(bytes, bytes);
  a.network.plan = [](net::dial_target const&, std::size_t number) {
    dial_plan plan;
    if (number < 2) plan.to_client.reset_after = 50'000;
    return plan;
  };
  CHECK(a.blob(bytes, bytes.size()) == "");
  CHECK(a.into.bytes == bytes);
  CHECK(a.into.begun == 3);
}

TEST_CASE("another host that a blob is kept at gets no credentials", "[autoscale][registry]") {
  asking a(registry_login{"user", secret("pass"), {}});
  a.answer = [](registry_world::asked const& what) -> std::optional<registry_world::told> {
    if (!what.where.starts_with("r.test")) return std::nullopt;
    if (what.authorization.empty()) {
      return registry_world::told{401, "", {{"WWW-Authenticate", "Basic realm=\"r\""}}};
    }
    return registry_world::told{307, "", {{"Location", "https://store.test/layer?signed=yes"}}};
  };
  a.content["store.test/layer?signed=yes"] = {200, "layer"};
  CHECK(a.blob("layer", 5) == "");
  REQUIRE(a.seen.size() == 3);
  CHECK(a.seen[1].authorization == net::basic_credentials("user", "pass"));
  CHECK(a.seen[2].where == "store.test/layer?signed=yes");
  CHECK(a.seen[2].authorization == "");
}

TEST_CASE("a registry in trouble is asked three times, with pauses", "[autoscale][registry]") {
  int const status = GENERATE(429, 500, 502, 503, 504);
  asking a;
  a.content[tag] = {status, ""};
  running<config::outcome<std::string>> const got(a, a.read("1"));
  CHECK(a.seen.size() == 1);
  a.advance(1s);
  CHECK(a.seen.size() == 2);
  a.advance(3s);
  CHECK(a.seen.size() == 2);
  SECTION("and may get well") { a.content[tag] = {200, "{}"}; }
  a.advance(1s);
  CHECK(a.seen.size() == 3);
  REQUIRE(got.value);
  if (a.content[tag].status == 200) {
    CHECK(got.value->value() == "{}");
  } else {
    CHECK(got.value->error().message == fmt::format("registry 'r.test' answers {}", status));
  }
}

TEST_CASE("a registry that is not there is said at once", "[autoscale][registry]") {
  asking a(std::nullopt, "nowhere.test");
  CHECK(a.failure("1") == "cannot reach registry 'nowhere.test': connection refused");
}

TEST_CASE("a registry that never answers is given up", "[autoscale][registry]") {
  asking a;
  a.network.plan = [](net::dial_target const&, std::size_t) {
    dial_plan plan;
    plan.to_client.stall_after = 0;
    return plan;
  };
  running<config::outcome<std::string>> const got(a, a.read("1"));
  for (int minutes = 0; minutes < 10 && !got.value; ++minutes) a.advance(1min);
  REQUIRE(got.value);
  CHECK(got.value->error().message.starts_with("cannot reach registry 'r.test': "));
}

TEST_CASE("only a registry on loopback is spoken to in plain text", "[autoscale][registry]") {
  asking a(std::nullopt, "127.0.0.1:5000");
  a.listen("127.0.0.1", 5000);
  a.content["127.0.0.1:5000/v2/group/plugin/manifests/1"] = {200, "{}"};
  auto handshake = error_code(net::errc::tls_failed);
  a.network.plan = [&](net::dial_target const& target, std::size_t) {
    dial_plan plan;
    if (target.tls) plan.refuse = handshake;
    return plan;
  };
  SECTION("when it speaks no TLS") { CHECK(a.manifest("1").value() == "{}"); }
  SECTION("not when its certificate is wrong") {
    handshake = net::errc::certificate_unknown;
    CHECK_FALSE(a.manifest("1").has_value());
    CHECK(a.seen.empty());
  }
  SECTION("no other one") {
    oci_registry other(a.client, a.time, "r.test", std::nullopt);
    running<config::outcome<std::string>> const got(a, other.manifest("group/plugin", "1"));
    REQUIRE(got.value);
    CHECK_FALSE(got.value->has_value());
    CHECK(a.seen.empty());
  }
}

TEST_CASE("loopback is told by its names and addresses", "[autoscale][registry]") {
  for (auto const* const host :
       {"localhost", "localhost:5000", "127.0.0.1", "127.1.2.3:80", "[::1]", "[::1]:5000"}) {
    CAPTURE(host);
    CHECK(is_loopback_registry(host));
  }
  for (auto const* const host :
       {"localhost.evil.test", "127.evil.test", "128.0.0.1", "[::2]:5000", "r.test"}) {
    CAPTURE(host);
    CHECK_FALSE(is_loopback_registry(host));
  }
}

}  // namespace corunner::test
