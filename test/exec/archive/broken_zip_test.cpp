// Zips whose central directory lies, or that would fill the disk: refused before anything is
// written.

#include "test/exec/archive/craft.hpp"
#include "test/exec/archive/pack.hpp"

#include "exec/archive/unpack_budget.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>

#include <functional>

namespace corunner::exec {
namespace {

using test::craft_zip;
using test::crafted;
using test::scratch;
using test::unpack;

constexpr std::uint32_t link_mode = 0120777;

struct damage {
  std::string name;
  std::function<void(std::string&)> to;
};

// `at` counts from the first signature of that record.
damage written(std::string name, std::string record, std::size_t at, std::string bytes) {
  return {std::move(name),
          [=](std::string& zip) { zip.replace(zip.find(record) + at, bytes.size(), bytes); }};
}

std::vector<damage> damages() {
  std::string const central = "PK\x01\x02";
  std::string const end = "PK\x05\x06";
  std::string const many = "\xFF\x7F";
  return {
      written("more members than there are", end, 10, many),
      written("a directory longer than the file", end, 12, many),
      written("a directory behind the end", end, 16, many),
      written("a comment longer than the file", end, 20, many),
      written("a name longer than the directory", central, 28, many),
      written("fields longer than the directory", central, 30, many),
      written("a comment longer than the directory", central, 32, many),
      written("data longer than the file", central, 20, many),
      written("a header behind the end", central, 42, many),
      written("another record", central, 0, "PK\x03\x04"),
      {"no end", [=](std::string& zip) { zip.resize(zip.find(end)); }},
      {"half an end", [=](std::string& zip) { zip.resize(zip.find(end) + 10); }},
      {"no data", [=](std::string& zip) { zip.erase(0, zip.find(central)); }},
      {"a zip64 end that is not there",
       [=](std::string& zip) {
         zip.insert(zip.find(end),
                    std::string("PK\x06\x07\0\0\0\0\x01\0\0\0\0\0\0\0\x01\0\0\0", 20));
       }},
      {"a zip64 end behind the file",
       [=](std::string& zip) {
         auto const nothing = std::string(4, '\0');
         zip.insert(zip.find(end), "PK\x06\x07" + nothing + std::string(8, '\xFF') + nothing);
       }},
  };
}

TEST_CASE("a directory that cannot be is told and nothing is written", "[exec][archive]") {
  for (auto const& one : damages()) {
    CAPTURE(one.name);
    auto zip = craft_zip({{"a"}, {"b", "yy"}});
    one.to(zip);
    scratch in;
    CHECK(unpack(zip, in.path()) == "zip: not a valid zip file");
    CHECK(in.list() == "");
  }
}

TEST_CASE("members that overlap are refused, those side by side are not", "[exec][archive]") {
  auto const second = GENERATE(0u, 1u, 30u, 31u, 5'000u);
  auto const begin = 31 + 10'000u;  // behind the first
  crafted const inside{"inside", "", 0100644, 0, 0, 0, 0, second};
  scratch in;
  auto const big = crafted{"a", std::string(10'000, 'x')};
  CHECK(unpack(craft_zip({big, inside}), in.path()) == "zip: not a valid zip file");
  CHECK(in.list() == "");
  CHECK(unpack(craft_zip({big, {"b", "y", 0100644, 0, {}, {}, {}, begin}}), in.path()) == "");
}

TEST_CASE("a member that reaches into the directory is refused", "[exec][archive]") {
  scratch in;
  CHECK(unpack(craft_zip({{"a", "x", 0100644, 0, {}, 3, 3}}), in.path()) ==
        "zip: not a valid zip file");
}

TEST_CASE("an archive that would fill the disk is refused", "[exec][archive]") {
  // 85 TB from 2 MB.
  std::vector<crafted> members;
  for (int i = 0; i < 20'000; ++i) {
    members.push_back({"m" + std::to_string(i), "\x03", 0100644, 8, 0, 0xFFFFFFF0});
  }
  scratch in;
  auto const why = unpack(craft_zip(members), in.path());
  CHECK(why.starts_with("archive unpacks to more than "));
  CHECK(why.ends_with(" bytes, for which there is no room"));
  CHECK(in.list() == "");
}

TEST_CASE("a hundredfold is believed, and what is free on the disk may be used",
          "[exec][archive]") {
  scratch in;
  constexpr std::uint64_t more_than_any_disk = std::uint64_t{1} << 60;
  CHECK(unpack_budget::of(in.path(), more_than_any_disk / 100).take(more_than_any_disk - 100) ==
        "");
  CHECK(unpack_budget::of(in.path(), 1).take(1'000) == "");
  CHECK(unpack_budget::of(in.path(), 1).take(more_than_any_disk) != "");
  unpack_budget small(100);
  CHECK(small.take(60) == "");
  CHECK(small.take(40) == "");
  CHECK(small.take(1) == "archive unpacks to more than 100 bytes, for which there is no room");
  CHECK(small.take(0) == "");
}

TEST_CASE("a link's target is short and without zero bytes", "[exec][archive]") {
  auto const [target, why] = GENERATE_COPY(table<std::string, std::string>({
      {std::string("a\0b", 3), "invalid argument"},
      {std::string(70'000, 't'), "file name too long"},
      {std::string(5'000, 't'), "file name too long"},
      {"", "no such file or directory"},
  }));
  scratch in;
  CHECK(unpack(craft_zip({{"l", target, link_mode}}), in.path()).ends_with(": " + why));
  CHECK(in.list() == "");
}

TEST_CASE("a name that no file system takes is told", "[exec][archive]") {
  auto const name =
      GENERATE(std::string(256, 'n'), std::string(200, 'd') + "/" + std::string(300, 'n'));
  scratch in;
  CHECK(unpack(craft_zip({{"a"}, {name}}), in.path()).ends_with(": file name too long"));
}

TEST_CASE("one name for a file and a directory is refused", "[exec][archive]") {
  auto const members =
      GENERATE(std::vector<crafted>{{"a"}, {"a/b"}}, std::vector<crafted>{{"a/b"}, {"a"}},
               std::vector<crafted>{{"a"}, {"a/", "", 0040755}});
  scratch in;
  in.folder("w");
  auto const why = unpack(craft_zip(members), in.path("w"));
  CHECK((why == "mkdir " + in.path("w/a") + ": not a directory" ||
         why == "remove " + in.path("w/a") + ": directory not empty"));
}

}  // namespace
}  // namespace corunner::exec
