#include "test/exec/archive/craft.hpp"
#include "test/exec/archive/pack.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>

#include <unistd.h>

#include <random>

namespace corunner::exec {
namespace {

using test::craft_zip;
using test::crafted;
using test::scratch;
using test::unpack;

constexpr std::uint32_t link_mode = 0120777;
constexpr std::uint32_t directory_mode = 0040755;

std::string refusal(scratch const& in, std::string const& path) {
  return in.path(path) + " cannot be extracted outside of chroot (" + in.path("w") + ")";
}

TEST_CASE("a name that leaves the directory ends the extraction there", "[exec][archive]") {
  auto const [name, full] = GENERATE(table<std::string, std::string>({
      {"../evil", "evil"}, {"d/../../w2/evil", "w2/evil"}, {"/../evil", "evil"}, {"..", ""},
  }));
  CAPTURE(name);
  scratch in;
  in.folder("w");
  auto const why = unpack(craft_zip({{"a"}, {name}, {"b"}}), in.path("w"));
  CHECK(why == (full.empty()
                    ? in.path() + " cannot be extracted outside of chroot (" + in.path("w") + ")"
                    : refusal(in, full)));
  CHECK(in.list() == "w/\nw/a = x\n");
}

TEST_CASE("absolute names land below, odd ones where they say", "[exec][archive]") {
  scratch in;
  auto const why = unpack(craft_zip({{"/abs/x"}, {"d/../a"}, {"./b//c"}, {"..\\evil"}}), in.path());
  CHECK(why.empty());
  CHECK(in.list() == "..\\evil = x\na = x\nabs/\nabs/x = x\nb/\nb/c = x\n");
}

TEST_CASE("a name with a zero byte is refused", "[exec][archive]") {
  scratch in;
  CHECK(unpack(craft_zip({{std::string("a\0b", 3)}}), in.path()).ends_with(": invalid argument"));
  CHECK(in.list().empty());
}

TEST_CASE("the directory itself is not replaced by a file or a link", "[exec][archive]") {
  auto const mode = GENERATE(0100644u, link_mode);
  auto const* const name = GENERATE("", ".", "a/..");
  scratch in;
  in.folder("w");
  CHECK(unpack(craft_zip({{name, "x", mode}}), in.path("w")) ==
        "remove " + in.path("w") + ": device or resource busy");
  CHECK(in.list() == "w/\n");
}

TEST_CASE("no file goes through a link of the same archive", "[exec][archive]") {
  scratch in;
  in.folder("w");
  in.folder("outside");
  auto const archive = craft_zip({{"out", "../outside", link_mode}, {"out/evil"}});
  CHECK(unpack(archive, in.path("w")) == "remove " + in.path("w/out") + ": directory not empty");
  CHECK(in.list() == "outside/\nw/\nw/out/\nw/out/evil = x\n");
}

TEST_CASE("a link that was there is followed inside and refused outside", "[exec][archive]") {
  scratch in;
  in.folder("w/real");
  in.folder("outside", 0755);
  in.link("w/in", "real");
  in.link("w/absolute", in.path("w/real"));
  in.link("w/out", "../outside");
  in.link("w/absolute-out", in.path("outside"));
  in.link("w/dangling", "nowhere");
  CHECK(unpack(craft_zip({{"in/a"}, {"absolute/b"}}), in.path("w")).empty());
  CHECK(in.read("w/real/a") == "x");
  CHECK(in.read("w/real/b") == "x");
  auto const* const name = GENERATE("out", "absolute-out", "dangling");
  CAPTURE(name);
  CHECK(unpack(craft_zip({{std::string(name) + "/evil"}}), in.path("w")) ==
        refusal(in, std::string("w/") + name));
  CHECK(unpack(craft_zip({{std::string(name) + "/", "", 0040700}}), in.path("w")) ==
        refusal(in, std::string("w/") + name));
  CHECK(in.list("outside").empty());
  CHECK(in.mode("outside") == 0755);
}

TEST_CASE("files and links replace what is there, but no full directory", "[exec][archive]") {
  auto const mode = GENERATE(0100644u, link_mode);
  auto const after = mode == link_mode ? "d -> x\nf -> x\nl -> x\n" : "d = x\nf = x\nl = x\n";
  scratch in;
  in.file("w/f", "old", 0444);
  in.file("target", "keep");
  in.link("w/l", "../target");
  in.folder("w/d");
  CHECK(unpack(craft_zip({{"f", "x", mode}, {"l", "x", mode}, {"d", "x", mode}}), in.path("w"))
            .empty());
  CHECK(in.list("w") == after);
  CHECK(in.read("target") == "keep");
  in.file("w/full/x", "x");
  CHECK(unpack(craft_zip({{"full", "x", mode}}), in.path("w")) ==
        "remove " + in.path("w/full") + ": directory not empty");
}

TEST_CASE("a directory does not replace a file", "[exec][archive]") {
  scratch in;
  in.file("w/d", "old");
  CHECK(unpack(craft_zip({{"d/", "", directory_mode}}), in.path("w")) ==
        "mkdir " + in.path("w/d") + ": not a directory");
}

TEST_CASE("of members with one name the last wins, and a link over a file", "[exec][archive]") {
  scratch in;
  CHECK(unpack(craft_zip({{"a", "1"}, {"./a", "2"}, {"b", "t", link_mode}, {"b", "f"}}), in.path())
            .empty());
  CHECK(in.list() == "a = 2\nb -> t\n");
}

TEST_CASE("setuid, setgid, sticky and special files are left out", "[exec][archive]") {
  scratch in;
  CHECK(unpack(craft_zip({{"s", "x", 0106755}, {"d/", "", 0041777}, {"dev", "", 0020666},
                          {"pipe", "", 0010666}, {"sock", "", 0140666}}), in.path()).empty());
  CHECK(in.list() == "d/\ns = x\n");
  CHECK(in.mode("s") == 0755);
  CHECK(in.mode("d") == 0777);
}

TEST_CASE("a directory's mode comes last, however little it allows", "[exec][archive]") {
  scratch in;
  CHECK(unpack(craft_zip({{"./", "", 0040700}, {"ro/", "", 0040555}, {"ro/sub/", "", 0040500},
                          {"ro/sub/f", "x", 0100400}}), in.path()).empty());
  CHECK(in.mode("ro") == 0555);
  CHECK(in.mode("ro/sub") == 0500);
  CHECK(in.mode("ro/sub/f") == 0400);
  CHECK(in.mode(".") == 0700);
}

TEST_CASE("wrong sizes and sums are told and nothing is allocated for them", "[exec][archive]") {
  auto const [member, why] = GENERATE(table<crafted, std::string>({
      {{"a", "tiny", 0100644, 0, {}, 0xFFFFFFF0}, "unexpected EOF"},
      {{"a", "much too long", 0100644, 0, {}, 4}, "zip: not a valid zip file"},
      {{"a", "x", 0100644, 0, 12345}, "zip: checksum error"},
      {{"a", "x", 0100644, 12}, "zip: unsupported compression algorithm"},
      {{"a", "\xff\xff", 0100644, 8}, "flate: corrupt input"},
      {{"a", std::string("\x03\0", 2), 0100644, 8, 0, 7}, "unexpected EOF"},
      {{"a", "\xff\xff", 0100644, 8, 0, 100'000'000}, "flate: corrupt input"},
      {{"a", "no frame", 0100644, 93}, "zstd: Unknown frame descriptor"},
      {{"a", "x", 0100644, 0, {}, {}, {}, 7}, "zip: not a valid zip file"},
      {{"a", "x", 0100644, 0, {}, {}, {}, 0xFFFFFF00}, "zip: not a valid zip file"},
      {{"a", "x", 0100644, 0, {}, {}, 0xFFFFFF00}, "zip: not a valid zip file"},
  }));
  scratch in;
  CHECK(unpack(craft_zip({member}), in.path()) == why);
}

TEST_CASE("members that share their bytes are refused", "[exec][archive]") {
  std::vector<crafted> members{{"m0", std::string(10'000, 'x')}};
  for (int i = 1; i < 10; ++i) members.push_back({"m" + std::to_string(i), "", 0100644, 0,
                                                  crc32(members[0].data), 10'000, 10'000, 0});
  scratch in;
  CHECK(unpack(craft_zip(members), in.path()) == "zip: not a valid zip file");
  CHECK(in.list().empty());
}

TEST_CASE("what is no archive is told apart", "[exec][archive]") {
  auto const [bytes, why] = GENERATE(table<std::string, std::string>({
      {"", "zip: not a valid zip file"},
      {"<html>sign in</html>", "zip: not a valid zip file"},
      {"\x1f\x8b\x08 and so on", "\"gzip\" format: unsupported archive format"},
  }));
  scratch in;
  CHECK(unpack(bytes, in.path()) == why);
}

TEST_CASE("an archive with bytes in front and a comment behind is read", "[exec][archive]") {
  auto archive = craft_zip({{"a"}});
  archive[archive.size() - 2] = 9;
  scratch in;
  CHECK(unpack("#!/bin/sh\n" + archive + "a comment", in.path()).empty());
  CHECK(in.list() == "a = x\n");
}

TEST_CASE("made by MS-DOS means no modes of Unix", "[exec][archive]") {
  scratch in;
  CHECK(unpack(craft_zip({{"a", "x", 0, 0, {}, {}, {}, {}, 0}}), in.path()).empty());
  CHECK(in.mode("a") == 0666);
}

TEST_CASE("no cut or flipped byte of an archive makes more of it than an error",
          "[exec][archive]") {
  auto const good = craft_zip({{"d/", "", directory_mode},
                               {"d/a"},
                               {"l", "d/a", link_mode},
                               {"z", "\x4b\x04\x00", 0100644, 8, 0, 1}});
  std::mt19937 random(1);
  for (int i = 0; i < 300; ++i) {
    auto bad = good;
    if (i % 3 == 0) {
      bad.resize(random() % bad.size());
    } else {
      bad[random() % bad.size()] = static_cast<char>(random());
    }
    scratch in;
    in.folder("w");
    unpack(bad, in.path("w"));
    CHECK(in.list().starts_with("w/\n"));
    CHECK(in.list().find("\nw2") == std::string::npos);
  }
}

}  // namespace
}  // namespace corunner::exec
