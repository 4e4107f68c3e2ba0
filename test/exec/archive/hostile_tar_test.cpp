// Tars that try to leave their directory, lie about their contents or are damaged.

#include "exec/archive/compress.hpp"
#include "exec/archive/input_file.hpp"
#include "exec/archive/tar_extract.hpp"
#include "test/exec/archive/pack.hpp"
#include "test/exec/archive/tar_crafting.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>

#include <random>

namespace corunner::exec {
namespace {

using test::craft_tar;
using test::crafted_entry;
using test::pax_record;
using test::scratch;
using test::unpack;

constexpr char const* bad_header = "archive/tar: invalid tar header";

std::string framed(std::string const& tar) { return zstd_frame(tar, compression_level::fast); }

TEST_CASE("a name in a tar that leaves the directory ends the extraction there",
          "[exec][archive]") {
  auto const* const name = GENERATE("../evil", "d/../../w2/evil", "/../evil", "..");
  auto const by_pax = GENERATE(false, true);
  CAPTURE(name, by_pax);
  scratch in;
  in.folder("w");
  std::vector<crafted_entry> entries{{"a"}, {name}, {"b"}};
  if (by_pax) entries = {{"a"}, {"x", '0', "x", "", pax_record("path", name)}, {"b"}};
  CHECK(unpack(framed(craft_tar(entries)), in.path("w"))
            .ends_with(" cannot be extracted outside of chroot (" + in.path("w") + ")"));
  CHECK(in.list() == "w/\nw/a = x\n");
}

TEST_CASE("no entry of a tar goes through a link, nor does a hard link", "[exec][archive]") {
  auto const* const at = GENERATE("../outside", "/");
  scratch in;
  in.folder("w");
  in.folder("outside");
  in.file("outside/secret", "s");
  auto const target = at[0] == '/' ? in.path("outside") : std::string(at);
  auto const through = craft_tar({{"o", '2', "", target}, {"o/evil"}});
  CHECK(unpack(framed(through), in.path("w")) ==
        "remove " + in.path("w/o") + ": directory not empty");
  // A link that was there before is no way out either.
  in.link("w/old", target);
  CHECK(unpack(framed(craft_tar({{"old/evil"}})), in.path("w")) ==
        in.path("w/old") + " cannot be extracted outside of chroot (" + in.path("w") + ")");
  CHECK(unpack(framed(craft_tar({{"h", '1', "", "old/secret"}})), in.path("w")) ==
        in.path("w/old") + " cannot be extracted outside of chroot (" + in.path("w") + ")");
  CHECK(unpack(framed(craft_tar({{"h", '1', "", "../outside/secret"}})), in.path("w")) ==
        in.path("outside/secret") + " cannot be extracted outside of chroot (" + in.path("w") +
            ")");
  // Nor one to a link.
  in.link("w/to-secret", in.path("outside/secret"));
  CHECK(unpack(framed(craft_tar({{"h", '1', "", "to-secret"}})), in.path("w")) ==
        "link " + in.path("w/to-secret") + ": invalid argument");
  CHECK(in.list("outside") == "secret = s\n");
}

TEST_CASE("devices and pipes of a tar are left out", "[exec][archive]") {
  scratch in;
  auto const tar = craft_tar({{"char", '3', ""}, {"block", '4', ""}, {"pipe", '6', ""}, {"a"}});
  CHECK(unpack(framed(tar), in.path()) == "");
  CHECK(in.list() == "a = x\n");
}

TEST_CASE("of entries with one name the last is there", "[exec][archive]") {
  scratch in;
  auto const tar =
      craft_tar({{"a", '0', "1"}, {"a", '0', "2"}, {"b", '0', "3"}, {"b", '2', "", "a"}});
  CHECK(unpack(framed(tar), in.path()) == "");
  CHECK(in.list() == "a = 2\nb -> a\n");
}

TEST_CASE("maps of sparse files that cannot be are refused", "[exec][archive]") {
  auto const map = [](std::string const& text, std::string const& size) {
    return pax_record("GNU.sparse.name", "s") + pax_record("GNU.sparse.size", size) +
           pax_record("GNU.sparse.map", text);
  };
  auto const in_content = [](std::string const& size) {
    return pax_record("GNU.sparse.major", "1") + pax_record("GNU.sparse.minor", "0") +
           pax_record("GNU.sparse.name", "s") + pax_record("GNU.sparse.realsize", size);
  };
  auto const block = [](std::string text) { return text.resize(512), text; };
  auto const [records, content, why] = GENERATE_COPY(table<std::string, std::string, std::string>({
      {map("0,1,9,1", "20"), "xy", ""},
      {map("", "20"), "", ""},
      {map("0,1,9,1", "9"), "xy", bad_header},
      {map("5,2,6,1", "20"), "xyz", bad_header},
      {map("0,1", "20"), "xy", bad_header},
      {map("0", "20"), "x", bad_header},
      {map("0,-1", "20"), "x", bad_header},
      {map("18446744073709551615,1", "20"), "x", bad_header},
      {map("0,1", "99999999999999999999"), "x", bad_header},
      {in_content("20"), block("1\n3\n2\n") + "xy", ""},
      {in_content("20"), block("0\n"), ""},
      {in_content("20"), block("2\n3\n2\n"), bad_header},
      {in_content("20"), block("99999999\n"), bad_header},
      {in_content("20"), block("none\n"), bad_header},
      {in_content("20"), "short", bad_header},
      {in_content("none"), block("0\n"), bad_header},
  }));
  CAPTURE(records, content);
  scratch in;
  CHECK(unpack(framed(craft_tar({{"GNUSparseFile.0/s", '0', content, "", records}})), in.path()) ==
        why);
  if (why.empty()) CHECK(in.read("s").size() == 20);
}

TEST_CASE("a tar that would fill the disk is stopped", "[exec][archive]") {
  scratch in;
  in.folder("w");
  in.file("bomb", framed(craft_tar({{"zeros", '0', std::string(3'000'000, '\0')}})));
  std::string failure;
  auto const file = input_file::open(in.path("bomb"), "bomb", failure);
  CHECK(extract_tar_zstd(*file, in.path("w"), unpack_budget(1'000'000)) ==
        "archive unpacks to more than 1000000 bytes, for which there is no room");
  CHECK(in.read("w/zeros").size() < 1'000'000);
}

TEST_CASE("no cut or flipped byte of a tar makes more of it than an error", "[exec][archive]") {
  auto const sparse = pax_record("GNU.sparse.size", "20") + pax_record("GNU.sparse.map", "0,1,9,1");
  auto const good = craft_tar({{"d/", '5', ""},
                               {"d/a"},
                               {"l", '2', "", "d/a"},
                               {"h", '1', "", "d/a"},
                               {"s", '0', "xy", "", sparse}});
  auto const packed = framed(good);
  std::mt19937 random(1);
  for (int i = 0; i < 300; ++i) {
    auto bad = i % 2 ? good : packed;
    if (i % 3 == 0) {
      bad.resize(random() % bad.size());
    } else {
      bad[random() % bad.size()] = static_cast<char>(random());
    }
    scratch in;
    in.folder("w");
    unpack(i % 2 ? framed(bad) : bad, in.path("w"));
    CHECK(in.list().starts_with("w/\n"));
    CHECK(in.list().find("\nw2") == std::string::npos);
  }
}

}  // namespace
}  // namespace corunner::exec
