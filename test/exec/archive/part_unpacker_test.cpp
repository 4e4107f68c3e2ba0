// Large members whose parts were made alone, and those that only look so.
#include "exec/archive/compress.hpp"
#include "exec/archive/crc32.hpp"
#include "exec/archive/unpacker.hpp"
#include "exec/archive/zip_format.hpp"
#include "test/exec/archive/craft.hpp"
#include "test/exec/archive/pack.hpp"

#include <boost/beast/zlib/deflate_stream.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <random>

namespace corunner::exec {
namespace {

using test::scratch;

constexpr std::string_view part_end{"\x00\x00\xFF\xFF", 4};

std::string text(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string out;
  while (out.size() < size) out += "line " + std::to_string(random() % 5000) + " of a text\n";
  out.resize(size);
  return out;
}

struct unpacked {
  std::string content;
  bool complete = false;
};

unpacked unpack_parts(std::string_view stream) {
  auto const with = make_part_unpacker();
  unpacked out;
  for (; !stream.empty(); stream.remove_prefix(std::min<std::size_t>(stream.size(), 100'000))) {
    auto const why = with->feed(stream.substr(0, 100'000), [&](std::string_view bytes) {
      out.content += bytes;
      return true;
    });
    CHECK(why.empty());
  }
  out.complete = with->complete();
  return out;
}

// As others make it: with ends of parts, over which later parts reach back.
std::string reaching_back(std::vector<std::string> const& pieces) {
  namespace zlib = boost::beast::zlib;
  zlib::deflate_stream stream;
  std::string out;
  std::string room(1 << 20, '\0');
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    zlib::z_params state;
    state.next_in = pieces[i].data();
    state.avail_in = pieces[i].size();
    boost::beast::error_code ec;
    do {
      state.next_out = room.data();
      state.avail_out = room.size();
      stream.write(state, i + 1 == pieces.size() ? zlib::Flush::finish : zlib::Flush::sync, ec);
      out.append(room, 0, room.size() - state.avail_out);
    } while (!ec && (state.avail_in > 0 || state.avail_out == 0));
  }
  return out;
}

// What a zip comes to whose one member is this stream.
std::string extracted(std::string const& stream, std::string const& content) {
  scratch in;
  auto const size = static_cast<std::uint32_t>(content.size());
  auto const zip = test::craft_zip(
      {{.name = "large", .data = stream, .method = 8, .crc = crc32(content), .size = size}});
  in.folder("out");
  auto const failure = test::unpack(zip, in.path("out"));
  CHECK(failure == "");
  return in.read("out/large");
}

}  // namespace

TEST_CASE("parts that were made alone are unpacked alone", "[exec][archive]") {
  // The second tells the end of a part in its own bytes, which are stored as they are.
  std::mt19937 random(8);
  std::string noise(300'000, '\0');
  for (char& byte : noise) byte = static_cast<char>(random());
  noise.replace(1000, part_end.size(), part_end);
  noise.replace(200'000, part_end.size(), part_end);
  std::string stream;
  std::string content;
  for (auto const& part : {text(2 << 20, 1), noise, text(7, 2), text(900'000, 3)}) {
    stream += deflate_part(part, compression_level::normal);
    content += part;
  }
  stream += deflate_end;
  auto const got = unpack_parts(stream);
  CHECK(got.complete);
  CHECK((got.content == content));
  CHECK_FALSE(unpack_parts(stream.substr(0, stream.size() - 1)).complete);
  CHECK_FALSE(unpack_parts(stream + "x").complete);
}

TEST_CASE("a stream of another make is left to others, and what was given of it is right",
          "[exec][archive]") {
  auto const again = text(200'000, 4);
  auto const content = again + again;
  auto const other = GENERATE(0, 1);
  auto const stream = other == 0 ? deflate_whole(content, compression_level::normal)
                                 : reaching_back({again, again});
  auto const got = unpack_parts(stream);
  CHECK_FALSE(got.complete);
  CHECK(content.starts_with(got.content));
}

TEST_CASE("a large member is extracted whoever made it", "[exec][archive]") {
  auto const one = text(3 << 20, 5);
  auto const other = text(3 << 20, 6);
  auto const content = one + other + one.substr(one.size() - 20'000) + other;
  SECTION("in parts that reach back") {
    auto const stream = reaching_back({one, other, one.substr(one.size() - 20'000) + other});
    REQUIRE(stream.find(part_end) != std::string::npos);
    CHECK((extracted(stream, content) == content));
  }
  SECTION("in one") {
    CHECK((extracted(deflate_whole(content, compression_level::fast), content) == content));
  }
  SECTION("in parts that are larger than ours") {
    auto const stream = deflate_part(content, compression_level::fast) +
                        deflate_part(content.substr(0, 100), compression_level::fast) +
                        std::string(deflate_end);
    CHECK(
        (extracted(stream, content + content.substr(0, 100)) == content + content.substr(0, 100)));
  }
}

}  // namespace corunner::exec
