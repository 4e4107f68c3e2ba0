#include "exec/archive/compress.hpp"

#include "exec/archive/deflate_blocks.hpp"

#include <libdeflate.h>
#include <zstd.h>

#include <map>
#include <memory>
#include <new>
#include <stdexcept>

namespace corunner::exec {
namespace {

// Of what is this large, some pieces tell whether the rest is worth the time.
constexpr std::size_t worth_a_sample = 128 * 1024;
constexpr std::size_t sample_size = 8 * 1024;
constexpr std::size_t samples = 4;

// Levels of libdeflate, which packs better than zlib at each.
int deflate_level(compression_level level) {
  switch (level) {
    case compression_level::fastest:
    case compression_level::fast: return 1;
    case compression_level::normal: return 5;
    case compression_level::slow: return 7;
    case compression_level::slowest: return 9;
  }
  return 5;
}

struct freer {
  void operator()(libdeflate_compressor* made) const { libdeflate_free_compressor(made); }
};

// One per thread and level: making one costs as much as packing a small file.
libdeflate_compressor* compressor(int level) {
  static thread_local std::map<int, std::unique_ptr<libdeflate_compressor, freer>> made;
  auto& mine = made[level];
  if (!mine) mine.reset(libdeflate_alloc_compressor(level));
  if (!mine) throw std::bad_alloc();
  return mine.get();
}

std::string deflate_by(libdeflate_compressor* with, std::string_view bytes) {
  std::string packed(libdeflate_deflate_compress_bound(with, bytes.size()), '\0');
  packed.resize(libdeflate_deflate_compress(with, bytes.data(), bytes.size(), packed.data(),
                                            packed.size()));
  return packed;
}

int zstd_level(compression_level level) {
  switch (level) {
    case compression_level::fastest:
    case compression_level::fast: return 1;
    case compression_level::normal: return 3;
    case compression_level::slow: return 7;
    case compression_level::slowest: return 11;
  }
  return 3;
}

}  // namespace

std::string deflate_whole(std::string_view bytes, compression_level level) {
  return deflate_by(compressor(deflate_level(level)), bytes);
}

// Parts are of large files, which decide how long the whole takes: of the default level a little of
// what it saves is given for time.
std::string deflate_part(std::string_view bytes, compression_level level) {
  if (!may_shrink(bytes)) return stored_blocks(bytes);
  auto packed = deflate_by(
      compressor(deflate_level(level) - (level == compression_level::normal ? 1 : 0)), bytes);
  if (!leave_open(packed, bytes)) throw std::logic_error("a deflate stream without an end");
  return packed;
}

bool may_shrink(std::string_view bytes) {
  if (bytes.size() < worth_a_sample) return true;
  auto* const with = compressor(1);
  std::string packed(libdeflate_deflate_compress_bound(with, sample_size), '\0');
  for (std::size_t i = 0; i < samples; ++i) {
    auto const at = bytes.substr((bytes.size() - sample_size) / (samples - 1) * i, sample_size);
    auto const size =
        libdeflate_deflate_compress(with, at.data(), at.size(), packed.data(), packed.size());
    if (size < sample_size - sample_size / 64) return true;
  }
  return false;
}

std::string zstd_frame(std::string_view bytes, compression_level level) {
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  auto const size = ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(),
                                  zstd_level(level));
  if (ZSTD_isError(size)) throw std::bad_alloc();
  packed.resize(size);
  return packed;
}

}  // namespace corunner::exec
