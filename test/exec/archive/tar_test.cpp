#include "exec/archive/tar_format.hpp"

#include "exec/archive/compress.hpp"
#include "test/exec/archive/pack.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>

#include <filesystem>

namespace corunner::exec {
namespace {

using test::pack;
using test::scratch;
using test::shell;
using test::unpack;

// A tar made by a program of the system, in a frame of ours.
std::string tar_zst(scratch const& in, std::string const& arguments) {
  REQUIRE(shell(in.path(), "tar -cf made.tar " + arguments).output.empty());
  return zstd_frame(in.read("made.tar"), compression_level::normal);
}

TEST_CASE("tar and zstd read what we pack, long names and odd ones too", "[exec][archive]") {
  scratch in;
  in.file("t/" + std::string(120, 'x'), "long");
  in.file("t/" + std::string(90, 'd') + "/" + std::string(90, 'f'), "split");
  in.file("t/\u00FC", "u");
  in.file("t/old", "o", 0644, -5);
  in.file("t/large", std::string(5'000'000, 'z'));
  in.link("t/link", std::string(150, 'y'));
  in.file("z.tar.zst", pack(in.path(), {"t"}, archive_format::tar_zstd).bytes);
  auto const tar = shell(in.path(),
                         "mkdir u && zstd -dcq z.tar.zst | tar --warning=no-timestamp -xf - -C u "
                         "&& diff -r --no-dereference t u/t");
  CHECK(tar.output.empty());
  CHECK(tar.exit_code == 0);
}

TEST_CASE("times are rounded to the nearest second", "[exec][archive]") {
  auto const [nanoseconds, seconds] = GENERATE(table<std::int32_t, std::int64_t>({
      {499'999'999, 1000}, {500'000'000, 1001},
  }));
  archive_entry const entry{"a", 0100644, 0, 0, 1000, nanoseconds, 0};
  CHECK(parse_tar_block(tar_header(entry, {}))->modified == seconds);
}

TEST_CASE("pax records are written only where a header is too small", "[exec][archive]") {
  auto const [entry, target, key] = GENERATE(table<archive_entry, std::string, std::string>({
      {{"a", 0100644, 0, 0, 1, 0, 1}, "", ""},
      {{std::string(90, 'd') + "/" + std::string(100, 'f'), 0100644, 0, 0, 1, 0, 1}, "", ""},
      {{std::string(101, 'f'), 0100644, 0, 0, 1, 0, 1}, "", "path"},
      {{"bad\xFF", 0100644, 0, 0, 1, 0, 1}, "", "path"},
      {{"a", 0100644, 2'097'152, 0, 1, 0, 1}, "", "uid"},
      {{"a", 0100644, 0, 4'000'000'000, 1, 0, 1}, "", "gid"},
      {{"a", 0100644, 0, 0, -1, 0, 1}, "", "mtime"},
      {{"a", 0100644, 0, 0, 1, 0, std::uint64_t{1} << 33}, "", "size"},
      {{"a", 0120777, 0, 0, 1, 0, 1}, std::string(101, 't'), "linkpath"},
  }));
  CAPTURE(key);
  auto const header = tar_header(entry, target);
  CHECK((header.size() > tar_block) == !key.empty());
  CHECK((header.find(" " + key + "=") != std::string::npos) == !key.empty());
}

TEST_CASE("a file that grew or shrank since it was listed ends the archive", "[exec][archive]") {
  auto const [size, why] = GENERATE(table<std::size_t, std::string>({
      {20, "archive/tar: write too long"},
      {4, "archive/tar: missed writing 6 bytes"},
  }));
  scratch in;
  in.file("a", "0123456789");
  auto const packed = pack(in.path(), {"a"}, archive_format::tar_zstd, compression_level::normal,
                           [&in, length = size] { in.file("a", std::string(length, 'x')); });
  CHECK(packed.failure == why);
}

TEST_CASE("tars of other programs are unpacked", "[exec][archive]") {
  auto const* const format = GENERATE("gnu", "pax", "ustar");
  CAPTURE(format);
  scratch in;
  in.file("t/a", "a", 0755);
  in.file("t/" + std::string(90, 'd') + "/" + std::string(99, 'f'), std::string(2000, 'l'));
  in.link("t/link", "a");
  in.folder("t/void", 0500);
  std::filesystem::create_hard_link(in.path("t/a"), in.path("t/hard"));
  auto const archive = tar_zst(in, std::string("--format=") + format + " t");
  scratch out;
  CHECK(unpack(archive, out.path()).empty());
  CHECK(out.list() == in.list("").substr(in.list("").find("t/\n")));
  CHECK(out.mode("t/a") == 0755);
  CHECK(out.mode("t/void") == 0500);
  CHECK(std::filesystem::hard_link_count(out.path("t/a")) == 2);
}

TEST_CASE("a tar does not leave the directory either", "[exec][archive]") {
  scratch in;
  in.folder("w");
  in.folder("outside");
  in.file("evil", "e");
  auto const named = tar_zst(in, "--transform=s,evil,../evil2, -P evil");
  CHECK(unpack(named, in.path("w")).starts_with(in.path("evil2") + " cannot be extracted outside"));
  in.link("w/f", "../outside/x");
  in.file("f", "new");
  CHECK(unpack(tar_zst(in, "f"), in.path("w")).empty());
  CHECK(in.list("w") == "f = new\n");
  in.link("o", "../outside");
  in.file("src/o/evil", "e");
  REQUIRE(shell(in.path(), "tar -cf made.tar o && tar -rf made.tar -C src o/evil").output.empty());
  auto const through = zstd_frame(in.read("made.tar"), compression_level::fast);
  CHECK(unpack(through, in.path("w")) == "remove " + in.path("w/o") + ": directory not empty");
  CHECK(in.list("outside").empty());
}

TEST_CASE("a cut tar and what is no tar are told", "[exec][archive]") {
  scratch in;
  in.file("a", std::string(5000, 'a'));
  auto const archive = tar_zst(in, "a");
  scratch out;
  CHECK(unpack(archive.substr(0, archive.size() / 2), out.path()) == "unexpected EOF");
  CHECK(unpack(zstd_frame(std::string(2000, 't'), compression_level::fast), out.path()) ==
        "archive/tar: invalid tar header");
  auto const cut = zstd_frame(in.read("made.tar").substr(0, 2000), compression_level::fast);
  CHECK(unpack(cut, out.path()) == "unexpected EOF");
}

}  // namespace
}  // namespace corunner::exec
