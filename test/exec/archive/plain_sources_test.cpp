#include "exec/archive/plain_sources.hpp"

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

TEST_CASE("gzip is one member per file, which gunzip reads as one", "[exec][archive]") {
  scratch in;
  in.file("r/b.xml", "<b/>");
  in.file("r/a.xml", "<a/>");
  in.file("r/large.xml", std::string(3'000'000, 'z'));
  in.file("out.gz", pack(in.path(), {"r/*"}, archive_format::gzip).bytes);
  CHECK(shell(in.path(), "gunzip -c out.gz | head -c 8").output == "<a/><b/>");
  CHECK(shell(in.path(), "gunzip -c out.gz | wc -c").output == "3000008\n");
}

TEST_CASE("a member of gzip carries name, path and time of its file", "[exec][archive]") {
  scratch in;
  in.file("r/a.xml", "<a/>", 0644, 0x01020304);
  auto const packed = pack(in.path(), {"r/a.xml"}, archive_format::gzip).bytes;
  CHECK(
      packed.starts_with(std::string("\x1f\x8b\x08\x18\x04\x03\x02\x01\0\xff"
                                     "a.xml\0r/a.xml\0",
                                     24)));
}

TEST_CASE("names that gzip cannot carry are percent-encoded", "[exec][archive]") {
  auto const [name, text] = GENERATE(table<std::string, std::string>({
      {"r/a b.xml", "r/a b.xml"},
      {"r/100%.xml", "e:r%2F100%25.xml"},
      {"\u00FC x.xml", "e:%C3%BC%20x.xml"},
      {"bad\xFF", "e:bad%FF"},
  }));
  CHECK(gzip_text(name) == text);
}

TEST_CASE("gzip and raw take regular files only", "[exec][archive]") {
  scratch in;
  in.file("d/a", "a");
  in.file("f", "f");
  in.link("l", "f");
  CHECK(pack(in.path(), {"d"}, archive_format::gzip).failure == "the \"d\" is not a regular file");
  CHECK(pack(in.path(), {"l"}, archive_format::gzip).failure == "the \"l\" is not a regular file");
  CHECK(pack(in.path(), {"d"}, archive_format::raw).failure == "only one file can be sent as raw");
  in.folder("empty");
  CHECK(pack(in.path(), {"empty"}, archive_format::raw).failure == "read empty: is a directory");
  CHECK(pack(in.path(), {"l"}, archive_format::raw).bytes == "f");
}

TEST_CASE("gzip leaves out a file that vanished and says so", "[exec][archive]") {
  scratch in;
  in.file("a", "a");
  in.file("b", "b");
  auto const packed = pack(in.path(), {"*"}, archive_format::gzip, compression_level::normal,
                           [&] { std::filesystem::remove(in.path("a")); });
  CHECK(packed.failure.empty());
  REQUIRE(packed.warnings.size() == 1);
  CHECK(packed.warnings[0] == "File ignored: lstat a: no such file or directory");
  in.file("out.gz", packed.bytes);
  CHECK(shell(in.path(), "gunzip -c out.gz").output == "b");
}

TEST_CASE("formats and levels are known by their names, case counts", "[exec][archive]") {
  CHECK(parse_archive_format("") == archive_format::zip);
  CHECK(parse_archive_format("tarzstd") == archive_format::tar_zstd);
  CHECK_FALSE(parse_archive_format("ZIP"));
  CHECK(parse_compression_level("") == compression_level::normal);
  CHECK(parse_compression_level("slowest") == compression_level::slowest);
  CHECK_FALSE(parse_compression_level("extreme"));
}

}  // namespace
}  // namespace corunner::exec
