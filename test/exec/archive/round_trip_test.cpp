// Any tree of files comes out of an archive as it went in, whoever packed and whoever unpacks it.

#include "test/exec/archive/pack.hpp"
#include "test/exec/archive/random_tree.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include <fmt/format.h>

#include <filesystem>

namespace corunner::exec {
namespace {

using test::difference;
using test::grow_tree;
using test::kept_time;
using test::pack;
using test::scratch;
using test::shell;
using test::tree_habits;
using test::unpack;
using test::view_rules;
using test::view_tree;

using format = archive_format;
using level = compression_level;

constexpr level all_levels[] = {level::fastest, level::fast, level::normal, level::slow,
                                level::slowest};

TEST_CASE("any tree survives our archives of every format and level", "[exec][archive]") {
  auto const seed = GENERATE(range(0u, 6u));
  CAPTURE(seed);
  std::mt19937 random(seed);
  scratch in;
  grow_tree(in.path("t"), random);
  for (auto const as : {format::zip, format::zip_zstd, format::tar_zstd}) {
    auto const time =
        as == format::tar_zstd ? kept_time::rounded_to_seconds : kept_time::cut_to_seconds;
    auto const expected = view_tree(in.path("t"), {time, time, 0777});
    for (auto const how : all_levels) {
      CAPTURE(as, how);
      auto const packed = pack(in.path(), {"t"}, as, how);
      REQUIRE(packed.failure.empty());
      scratch out;
      REQUIRE(unpack(packed.bytes, out.path()) == "");
      CHECK(difference(expected, view_tree(out.path("t"), {time, time})) == "");
    }
  }
}

// How a program of the system reads "archive" into the directory "u".
struct reader {
  std::string command;
  tree_habits habits{};
  kept_time time = kept_time::cut_to_seconds;
  kept_time link_time = kept_time::cut_to_seconds;
};

void check_reader(reader const& by, format as, unsigned seed) {
  CAPTURE(by.command, as, seed);
  std::mt19937 random(seed);
  scratch in;
  grow_tree(in.path("t"), random, by.habits);
  auto const packed = pack(in.path(), {"t"}, as);
  REQUIRE(packed.failure.empty());
  in.file("archive", packed.bytes);
  in.folder("u");
  auto const ran = shell(in.path(), "export LC_ALL=C.UTF-8; " + by.command);
  CHECK(ran.output == "");
  CHECK(ran.exit_code == 0);
  view_rules const rules{by.time, by.link_time, 0777};
  auto expected = rules;
  if (as == format::tar_zstd) {
    if (by.time != kept_time::not_at_all) expected.time = kept_time::rounded_to_seconds;
    if (by.link_time != kept_time::not_at_all) expected.link_time = kept_time::rounded_to_seconds;
  }
  CHECK(difference(view_tree(in.path("t"), expected), view_tree(in.path("u/t"), rules)) == "");
}

TEST_CASE("Info-ZIP and bsdtar read any tree from our zip", "[exec][archive]") {
  auto const seed = GENERATE(range(100u, 104u));
  auto const by = GENERATE(values<reader>({
      {"unzip -tqq archive && mv archive a.zip && zip -qT a.zip && unzip -qq^ a.zip -d u",
       {.raw_names = false, .far_times = false},
       kept_time::cut_to_seconds,
       kept_time::not_at_all},
      {"bsdtar -tf archive > list && bsdtar -xpf archive -C u",
       {.raw_names = false, .far_times = false}},
  }));
  check_reader(by, format::zip, seed);
}

TEST_CASE("tar, bsdtar and zstd read any tree from our tar.zst", "[exec][archive]") {
  auto const seed = GENERATE(range(200u, 204u));
  auto const by = GENERATE(values<reader>({
      {"zstd -tq archive && zstd -dcq archive | tar --warning=no-timestamp -xpf - -C u"},
      {"bsdtar -tf archive > list && bsdtar -xpf archive -C u", {.raw_names = false}},
  }));
  check_reader(by, format::tar_zstd, seed);
}

// How a program of the system packs "t" into "archive".
struct writer {
  std::string command;
  tree_habits habits{};
  kept_time time = kept_time::cut_to_seconds;
};

TEST_CASE("any tree that other programs packed is unpacked", "[exec][archive]") {
  auto const seed = GENERATE(range(300u, 304u));
  auto const by = GENERATE(values<writer>({
      {"zip -qry archive.zip t && mv archive.zip archive",
       {.raw_names = false, .far_times = false}},
      {"bsdtar -cf archive --format=zip t", {.raw_names = false, .far_times = false}},
      {"bsdtar -cf - --format=pax t | zstd -q > archive",
       {.raw_names = false, .old_times = false},
       kept_time::exactly},
      {"bsdtar -cf - --format=gnutar t | zstd -q -12 > archive", {.far_times = false}},
      {"tar -cf - --format=gnu t | zstd -q --fast > archive"},
      {"tar -cf - --format=gnu -S t | zstd -q > archive"},
      {"tar -cf - --format=pax t | zstd -q > archive", {}, kept_time::exactly},
      {"tar -cf - --format=pax -S t | zstd -q > archive", {}, kept_time::exactly},
      {"tar -cf - --format=pax -S --sparse-version=0.1 t | zstd -q > archive",
       {},
       kept_time::exactly},
      {"tar -cf - --format=pax -S --sparse-version=0.0 t | zstd -q > archive",
       {},
       kept_time::exactly},
      {"tar -cf - --format=ustar t | zstd -q > archive", {.long_names = false, .far_times = false}},
  }));
  CAPTURE(seed, by.command);
  std::mt19937 random(seed);
  scratch in;
  grow_tree(in.path("t"), random, by.habits);
  auto const ran = shell(in.path(), "export LC_ALL=C.UTF-8; " + by.command);
  CHECK(ran.output == "");
  REQUIRE(ran.exit_code == 0);
  scratch out;
  REQUIRE(unpack(in.read("archive"), out.path()) == "");
  CHECK(difference(view_tree(in.path("t"), {by.time, by.time, 0777}),
                   view_tree(out.path("t"), {by.time, by.time})) == "");
}

}  // namespace
}  // namespace corunner::exec
