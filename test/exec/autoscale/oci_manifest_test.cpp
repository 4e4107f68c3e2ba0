#include "exec/autoscale/oci_manifest.hpp"

#include "test/exec/autoscale/plugin_crafting.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

namespace corunner::test {

namespace {

using namespace exec;

// "linux/arm/v7 linux/amd64": an index whose manifests have the sizes 1, 2, ... in that order.
std::string index_of(std::string_view platforms) {
  std::string all;
  int size = 0;
  while (!platforms.empty()) {
    auto const one = platforms.substr(0, platforms.find(' '));
    platforms.remove_prefix(std::min(platforms.size(), one.size() + 1));
    auto const slash = one.find('/');
    auto const second = one.find('/', slash + 1);
    auto const variant = second == one.npos ? std::string_view() : one.substr(second + 1);
    all += fmt::format(
        R"({}{{"digest": "{}", "size": {}, "platform": {{"os": "{}", "architecture": "{}"{}}}}})",
        all.empty() ? "" : ",", digest_of("x"), ++size, one.substr(0, slash),
        one.substr(slash + 1, second - slash - 1),
        variant.empty() ? "" : fmt::format(R"(, "variant": "{}")", variant));
  }
  return fmt::format(R"({{"manifests": [{}]}})", all);
}

struct choice {
  std::string_view offered;
  oci_platform machine;
  std::uint64_t expected;  // 0: none
};

}  // namespace

TEST_CASE("the manifest of the best platform is chosen", "[autoscale][manifest]") {
  auto const each = GENERATE(values<choice>({
      {"linux/arm64 linux/amd64 windows/amd64", {"linux", "amd64", ""}, 2},
      {"windows/amd64 linux/amd64", {"linux", "amd64", ""}, 2},
      {"linux/amd64/v3 linux/amd64", {"linux", "amd64", ""}, 2},
      {"linux/amd64/v3 linux/amd64/v1", {"linux", "amd64", ""}, 2},
      {"linux/amd64/v3", {"linux", "amd64", ""}, 0},
      {"linux/arm64/v8", {"linux", "arm64", ""}, 1},
      {"linux/arm64/v9", {"linux", "arm64", ""}, 0},
      {"linux/arm/v5 linux/arm/v6 linux/arm/v7", {"linux", "arm", "v7"}, 3},
      {"linux/arm/v5 linux/arm/v6", {"linux", "arm", "v7"}, 2},
      {"linux/arm/v5", {"linux", "arm", "v7"}, 1},
      {"linux/arm/v7 linux/arm/v5", {"linux", "arm", "v6"}, 2},
      {"linux/arm/v7", {"linux", "arm", "v6"}, 0},
      {"linux/arm/v5 linux/arm", {"linux", "arm", "v7"}, 2},
      {"linux/s390x linux/s390x", {"linux", "s390x", ""}, 1},
      {"", {"linux", "amd64", ""}, 0},
  }));
  CAPTURE(each.offered, each.machine.variant);
  auto const chosen = choose_manifest(index_of(each.offered), each.machine);
  CHECK(chosen.has_value() == (each.expected != 0));
  if (chosen) CHECK(chosen->size == each.expected);
}

TEST_CASE("who has nothing for this machine is told what there is", "[autoscale][manifest]") {
  CHECK(choose_manifest(index_of("windows/amd64 linux/arm/v7"), {"linux", "amd64", ""})
            .error()
            .message ==
        "there is nothing for linux/amd64 in it, only for windows/amd64, linux/arm/v7");
  CHECK(choose_manifest(index_of(""), {"linux", "arm", "v6"}).error().message ==
        "there is nothing for linux/arm/v6 in it, only for nobody");
}

TEST_CASE("the first layer with the annotation holds the plugin", "[autoscale][manifest]") {
  auto const text = fmt::format(R"({{"layers": [{{"digest": "{}", "size": 7, "annotations": )"
                                R"({{"other": "1"}}}}, {}, {}]}})",
                                digest_of("a"), layer_descriptor("layer", "1.2.3"),
                                layer_descriptor("more", "2.0.0"));
  auto const layer = find_plugin_layer(text);
  REQUIRE(layer.has_value());
  CHECK(*layer == oci_descriptor{digest_of("layer"), 5, "1.2.3"});
  CHECK_FALSE(is_image_index(text));
  CHECK(is_image_index(index_of("")));
}

TEST_CASE("documents that are something else are refused", "[autoscale][manifest]") {
  auto const* const text = GENERATE(
      "", "{", "[]", "null", "{}", R"({"layers": 1, "manifests": 1})",
      R"({"layers": [], "manifests": {}})",
      R"({"layers": [1, null, {"annotations": []}, {"annotations": {"com.gitlab.fleeting.layer": 1}}]})");
  CAPTURE(text);
  CHECK_FALSE(is_image_index(text));
  CHECK_FALSE(choose_manifest(text, {"linux", "amd64", ""}).has_value());
  CHECK_FALSE(find_plugin_layer(text).has_value());
}

TEST_CASE("a layer that does not tell digest and size is refused", "[autoscale][manifest]") {
  auto const hex = digest_of("").substr(7);
  auto const members = GENERATE_COPY(values<std::string>({
      R"("size": 1)",
      R"("digest": "sha256:00", "size": 1)",
      R"("digest": "../../x", "size": 1)",
      R"("digest": "sha512:)" + hex + R"(", "size": 1)",
      R"("digest": "sha256:)" + hex + R"(")",
      R"("digest": "sha256:)" + hex + R"(", "size": -1)",
      R"("digest": "sha256:)" + hex.substr(1) + R"(E", "size": 1)",
  }));
  CAPTURE(members);
  auto const text = fmt::format(
      R"({{"layers": [{{{}, "annotations": {{"com.gitlab.fleeting.layer": "1.0.0"}}}}]}})",
      members);
  CHECK_FALSE(find_plugin_layer(text).has_value());
}

TEST_CASE("a digest is SHA-256", "[autoscale][digest]") {
  CHECK(digest_of("") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  content_digest pieces;
  pieces.update("ab");
  pieces.update("c");
  CHECK(pieces.finish() ==
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace corunner::test
