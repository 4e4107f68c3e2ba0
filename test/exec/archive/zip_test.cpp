#include "exec/archive/crc32.hpp"
#include "exec/archive/zip_directory.hpp"
#include "exec/archive/zip_format.hpp"
#include "test/exec/archive/pack.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <random>

namespace corunner::exec {
namespace {

using test::pack;
using test::scratch;
using test::shell;
using test::unpack;

std::string noise(std::size_t size) {
  std::mt19937 random(42);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

std::string prose(std::size_t size) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < size) text += "line " + std::to_string(random() % 1000) + " of a log\n";
  text.resize(size);
  return text;
}

std::vector<zip_member> members_of(std::string const& archive) {
  scratch in;
  in.file("a.zip", archive);
  std::string failure;
  auto const file = input_file::open(in.path("a.zip"), "a.zip", failure);
  auto members = read_zip_directory(*file, failure);
  REQUIRE(failure.empty());
  return members;
}

void make_tree(scratch const& in) {
  in.file("t/a.txt", "hello\n");
  in.file("t/run.sh", "#!/bin/sh\n", 0755);
  in.file("t/empty", "", 0600);
  in.file("t/secret", "s", 0400);
  in.file("t/dir/prose", prose(50'000));
  in.file("t/gr\u00FCn", "g");
  in.folder("t/void", 0700);
  in.link("t/link", "a.txt");
  in.link("t/dangling", "nowhere/at all");
}

constexpr char const* tree_list =
    "t/\nt/a.txt = hello\n\nt/dangling -> nowhere/at all\nt/dir/\nt/dir/prose\nt/empty = \n"
    "t/gr\u00FCn = g\nt/link -> a.txt\nt/run.sh = #!/bin/sh\n\nt/secret = s\nt/void/\n";

TEST_CASE("what was packed comes out again, with modes and times", "[exec][archive]") {
  auto const format =
      GENERATE(archive_format::zip, archive_format::zip_zstd, archive_format::tar_zstd);
  scratch in;
  make_tree(in);
  auto const packed = pack(in.path(), {"t"}, format);
  REQUIRE(packed.failure.empty());
  scratch out;
  REQUIRE(unpack(packed.bytes, out.path()).empty());
  CHECK(out.list() == tree_list);
  CHECK(out.read("t/dir/prose") == prose(50'000));
  CHECK(out.mode("t/run.sh") == 0755);
  CHECK(out.mode("t/secret") == 0400);
  CHECK(out.mode("t/void") == 0700);
  CHECK(out.modified("t/a.txt") == 1'600'000'000);
}

TEST_CASE("Info-ZIP and Python read what we pack", "[exec][archive]") {
  auto const level = GENERATE(compression_level::fastest, compression_level::fast,
                              compression_level::normal, compression_level::slowest);
  scratch in;
  make_tree(in);
  in.file("t/large", prose(2'200'000));
  in.file("t/noise", noise(2'200'000));
  in.file("z.zip", pack(in.path(), {"t"}, archive_format::zip, level).bytes);
  auto const unzip =
      shell(in.path(), "unzip -tq z.zip && unzip -q z.zip -d u && diff -r --no-dereference t u/t");
  CHECK(unzip.output == "No errors detected in compressed data of z.zip.\n");
  CHECK(unzip.exit_code == 0);
  auto const python = shell(in.path(), "python3 -c \"import zipfile; z = zipfile.ZipFile('z.zip'); "
                                       "print(z.testzip(), z.getinfo('t/large').file_size)\"");
  CHECK(python.output == "None 2200000\n");
}

TEST_CASE("files are stored when packing them does not help, or when nothing is to be packed",
          "[exec][archive]") {
  auto const [level, method] = GENERATE(table<compression_level, int>({
      {compression_level::fastest, 0},
      {compression_level::normal, 8},
  }));
  scratch in;
  in.file("a-prose", prose(10'000));
  in.file("b-large-prose", prose(3'000'000));
  in.file("c-noise", noise(10'000));
  in.file("d-large-noise", noise(2'200'000));
  in.file("e-empty", "");
  auto const members = members_of(pack(in.path(), {"*"}, archive_format::zip, level).bytes);
  REQUIRE(members.size() == 5);
  CHECK(members[0].method == method);
  CHECK(members[1].method == method);
  CHECK(members[2].method == 0);
  CHECK(members[3].method == 0);
  CHECK(members[4].method == 0);
}

TEST_CASE("setuid, owners and special names are stored; sockets and pipes are not",
          "[exec][archive]") {
  scratch in;
  in.file("suid", "x", 04755);
  in.file("bad\xFF", "x");
  in.file("new\nline", "x");
  REQUIRE(::mkfifo(in.path("pipe").c_str(), 0600) == 0);
  auto const members = members_of(pack(in.path(), {"*"}).bytes);
  REQUIRE(members.size() == 3);
  CHECK(members[0].name == "bad\xFF");
  CHECK(members[1].name == "new\nline");
  CHECK((members[2].metadata.mode & 07777) == 04755);
  CHECK(members[2].metadata.uid == ::getuid());
}

TEST_CASE("a file is packed as it is now, not as it was listed", "[exec][archive]") {
  auto const [before, after] = GENERATE(table<std::size_t, std::size_t>({
      {10, 2}, {10, 500}, {10, 5'000'000}, {5'000'000, 10}, {3'000'000, 6'000'000}, {5'000'000, 0},
  }));
  CAPTURE(before, after);
  scratch in;
  in.file("a", prose(before));
  in.file("b", "b");
  auto const packed = pack(in.path(), {"*"}, archive_format::zip, compression_level::normal,
                           [&] { in.file("a", prose(after)); });
  scratch out;
  REQUIRE(unpack(packed.bytes, out.path()).empty());
  CHECK(out.read("a") == prose(after));
  CHECK(out.read("b") == "b");
}

TEST_CASE("a file that went away ends the archive", "[exec][archive]") {
  auto const size = GENERATE(5u, 4'000'000u);
  scratch in;
  in.file("a", prose(size));
  auto const packed = pack(in.path(), {"*"}, archive_format::zip, compression_level::normal,
                           [&] { std::filesystem::remove(in.path("a")); });
  CHECK(packed.failure == "open " + in.path("a") + ": no such file or directory");
}

TEST_CASE("a file that became a link or a directory is read through, or ends the archive",
          "[exec][archive]") {
  scratch in;
  in.file("a", "a");
  in.file("b", "target");
  auto const become = [&](auto what) {
    return [&in, what] {
      std::filesystem::remove(in.path("a"));
      what();
    };
  };
  auto const linked = pack(in.path(), {"a"}, archive_format::zip, compression_level::normal,
                           become([&] { in.link("a", "b"); }));
  scratch out;
  REQUIRE(unpack(linked.bytes, out.path()).empty());
  CHECK(out.list() == "a = target\n");
  in.file("c", "c");
  auto const directory =
      pack(in.path(), {"c"}, archive_format::zip, compression_level::normal, [&] {
        std::filesystem::remove(in.path("c"));
        in.folder("c");
      });
  CHECK(directory.failure == "read " + in.path("c") + ": is a directory");
}

TEST_CASE("more members than a plain zip can count make it a zip64", "[.large][archive]") {
  scratch in;
  for (int i = 0; i < 66'000; ++i) in.file(fmt::format("many/{:02}/f{:05}", i % 66, i), "");
  auto const packed = pack(in.path(), {"many"}).bytes;
  CHECK(packed.find("PK\x06\x06") != std::string::npos);
  CHECK(members_of(packed).size() == 66'000 + 66 + 1);
  in.file("z.zip", packed);
  CHECK(shell(in.path(), "unzip -l z.zip | tail -1").output.ends_with(" 66067 files\n"));
}

TEST_CASE("the end of a zip is a zip64 one as soon as a number does not fit", "[exec][archive]") {
  auto const [members, offset, size, large] =
      GENERATE(table<std::uint64_t, std::uint64_t, std::uint64_t, bool>({
          {65'534, 100, 200, false},
          {65'535, 100, 200, true},
          {1, 0xFFFFFFFE, 200, false},
          {1, 0xFFFFFFFF, 200, true},
          {1, 100, 0xFFFFFFFF, true},
      }));
  CHECK(zip_end(members, offset, size).starts_with(large ? "PK\x06\x06" : "PK\x05\x06"));
}

TEST_CASE("a file of more than 4 GiB goes through a zip and back", "[.large][archive]") {
  scratch in;
  in.file("sparse", "start");
  std::filesystem::resize_file(in.path("sparse"), 4'400'000'000);
  auto const packed = pack(in.path(), {"sparse"}, archive_format::zip, compression_level::fast);
  REQUIRE(packed.failure.empty());
  in.file("z.zip", packed.bytes);
  auto const python =
      shell(in.path(),
            "python3 -c \"import zipfile; i = zipfile.ZipFile('z.zip').infolist()[0]; "
            "print(i.file_size, i.extract_version)\"");
  CHECK(python.output == "4400000000 45\n");
  CHECK(members_of(packed.bytes).at(0).size == 4'400'000'000);
}

TEST_CASE("Info-ZIP's archives are read, with their modes, links and times", "[exec][archive]") {
  scratch in;
  make_tree(in);
  REQUIRE(shell(in.path(), "zip -qry z.zip t").exit_code == 0);
  scratch out;
  REQUIRE(unpack(in.read("z.zip"), out.path()).empty());
  CHECK(out.list() == tree_list);
  CHECK(out.mode("t/run.sh") == 0755);
  CHECK(out.modified("t/a.txt") == 1'600'000'000);
}

TEST_CASE("Python's archives are read, streamed and zip64 ones, too", "[exec][archive]") {
  scratch in;
  in.file("make.py",
          "import zipfile, sys\n"
          "class Pipe:\n"
          "  def __init__(self, f): self.f = f\n"
          "  def write(self, b): return self.f.write(b)\n"
          "  def flush(self): pass\n"
          "z = zipfile.ZipFile(Pipe(open('z.zip', 'wb')), 'w', zipfile.ZIP_DEFLATED)\n"
          "z.writestr('a', 'x' * 100)\n"
          "with z.open('b', 'w', force_zip64=True) as f: f.write(b'y' * 6000000)\n"
          "z.close()\n");
  auto const made = shell(in.path(), "python3 make.py");
  REQUIRE(made.output.empty());
  scratch out;
  REQUIRE(unpack(in.read("z.zip"), out.path()).empty());
  CHECK(out.read("a") == std::string(100, 'x'));
  CHECK(out.read("b") == std::string(6'000'000, 'y'));
}

TEST_CASE("an empty selection makes an empty zip that others accept", "[exec][archive]") {
  scratch in;
  auto const packed = pack(in.path(), {});
  CHECK(packed.bytes.size() == 22);
  CHECK(unpack(packed.bytes, in.path()).empty());
}

TEST_CASE("checksums of pieces add up to that of the whole", "[exec][archive]") {
  auto const bytes = noise(100'000);
  auto const cut = GENERATE(0u, 1u, 4096u, 65'537u, 100'000u);
  std::string_view const all = bytes;
  CHECK(crc32_combine(crc32(all.substr(0, cut)), crc32(all.substr(cut)), all.size() - cut) ==
        crc32(all));
}

TEST_CASE("the flag for UTF-8 is set only where it is needed and true", "[exec][archive]") {
  auto const [name, needed] = GENERATE(table<std::string, bool>({
      {"plain.txt", false}, {"gr\u00FCn", true}, {"back\\slash", true},
      {"new\nline", true}, {"latin1-\xE9", false}, {"\xED\xA0\x80", false},
  }));
  CAPTURE(name);
  CHECK(zip_needs_utf8_flag(name) == needed);
}

}  // namespace
}  // namespace corunner::exec
