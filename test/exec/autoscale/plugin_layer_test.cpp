#include "exec/autoscale/plugin_layer.hpp"

#include "test/exec/archive/scratch.hpp"
#include "test/exec/autoscale/plugin_crafting.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

namespace corunner::test {

namespace {

using entries = std::vector<crafted_entry>;

struct unpacking {
  scratch at;

  std::string unpack(std::string const& layer, std::uint64_t most = 1 << 30) {
    at.file("layer", layer);
    at.folder("content");
    std::string why;
    auto const file = exec::input_file::open(at.path("layer"), "layer", why);
    REQUIRE(file);
    return exec::unpack_plugin_layer(*file, at.path("content"), exec::unpack_budget(most));
  }
};

}  // namespace

TEST_CASE("the files of a layer come out flat, the program executable", "[autoscale][layer]") {
  unpacking u;
  auto const* const prefix = GENERATE("plugin/", "Files/plugin/", "./plugin/");
  CHECK(u.unpack(gzip(craft_tar({{std::string(prefix), '5', ""},
                                 {std::string(prefix) + "plugin", '0', "program"},
                                 {std::string(prefix) + "LICENSE", '0', "text"}}))) == "");
  CHECK(u.at.read("content/plugin") == "program");
  CHECK(u.at.mode("content/plugin") == 0755);
  CHECK(u.at.read("content/LICENSE") == "text");
  CHECK(u.at.mode("content/LICENSE") == 0644);
}

TEST_CASE("all headers of gzip are understood", "[autoscale][layer]") {
  unpacking u;
  auto const tar = craft_tar({{"plugin/plugin"}});
  // A checksum, two bytes extra, a name, a comment.
  CHECK(u.unpack(gzip(tar, 2 | 4 | 8 | 16,
                      std::string_view("\x02\x00"
                                       "ab"
                                       "name\0"
                                       "comment\0"
                                       "\x00\x00",
                                       19))) == "");
  CHECK(u.at.read("content/plugin") == "x");
}

TEST_CASE("a layer with anything but plain files in plugin/ is refused", "[autoscale][layer]") {
  auto const hostile = GENERATE(values<entries>({
      {{"plugin/plugin"}, {"../evil"}},
      {{"plugin/plugin"}, {"/etc/evil"}},
      {{"plugin/plugin"}, {"plugin/../evil"}},
      {{"plugin/plugin"}, {"plugin/.."}},
      {{"plugin/plugin"}, {"plugin/sub/evil"}},
      {{"plugin/plugin"}, {"plugin/"}},
      {{"plugin/plugin"}, {"evil"}},
      {{"plugin/plugin"}, {"other/evil"}},
      {{"plugin/plugin"}, {"plugin/a\\b"}},
      {{"plugin/plugin"}, {"plugin/plugin"}},
      {{"plugin/plugin"}, {"plugin/evil", '2', "", "/etc/passwd"}},
      {{"plugin/plugin"}, {"plugin/evil", '1', "", "/etc/passwd"}},
      {{"plugin/plugin"}, {"plugin/evil", '3', ""}},
      {{"plugin/plugin"}, {"plugin/evil", '6', ""}},
      {{"plugin/plugin"}, {"plugin/x", '0', "x", "", pax_record("path", "../evil")}},
  }));
  CAPTURE(hostile.back().name, hostile.back().type);
  unpacking u;
  auto const why = u.unpack(gzip(craft_tar(hostile)));
  CHECK(why.starts_with("the layer has '"));
  CHECK(u.at.list().find("evil") == std::string::npos);
}

TEST_CASE("a layer without the program is none", "[autoscale][layer]") {
  unpacking u;
  CHECK(u.unpack(gzip(craft_tar({{"plugin/readme"}}))) == "the layer has no file 'plugin/plugin'");
  CHECK(u.unpack(gzip(craft_tar({}))) == "the layer has no file 'plugin/plugin'");
}

TEST_CASE("a layer of too many files is refused", "[autoscale][layer]") {
  unpacking u;
  entries many;
  for (int each = 0; each <= 1000; ++each) {
    many.push_back({fmt::format("plugin/{}", each), '0', ""});
  }
  CHECK(u.unpack(gzip(craft_tar(many))) == "the layer has more than 1000 files");
}

TEST_CASE("a layer that grows beyond its budget is refused", "[autoscale][layer]") {
  unpacking u;
  auto const bomb = gzip(craft_tar({{"plugin/plugin", '0', std::string(4 << 20, '\0')}}));
  CHECK(u.unpack(bomb, 1 << 20) != "");
  CHECK(u.at.read("content/plugin").size() <= 1 << 20);
}

TEST_CASE("a layer is refused wherever it ends early", "[autoscale][layer]") {
  auto const whole = gzip(craft_tar({{"plugin/plugin", '0', "a program that is long enough"}}));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    unpacking u;
    CHECK(u.unpack(whole.substr(0, length)) != "");
  }
}

TEST_CASE("a layer whose bytes were changed is refused", "[autoscale][layer]") {
  unpacking u;
  auto const tar = craft_tar({{"plugin/plugin"}});
  CHECK(u.unpack("not packed at all, but long enough") == "the layer is not packed by gzip");
  auto broken = gzip(tar);
  broken[broken.size() - 6] = static_cast<char>(broken[broken.size() - 6] + 1);
  CHECK(u.unpack(broken) ==
        "the checksum of the layer is wrong, or it is packed in several pieces");
  CHECK(u.unpack(gzip(tar) + gzip(tar + tar)) ==
        "the checksum of the layer is wrong, or it is packed in several pieces");
}

}  // namespace corunner::test
