#include "exec/archive/compress.hpp"

#include <boost/beast/zlib/deflate_stream.hpp>

#include <libdeflate.h>
#include <zstd.h>

#include <map>
#include <memory>
#include <new>
#include <stdexcept>

namespace corunner::exec {
namespace {

namespace zlib = boost::beast::zlib;

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

}  // namespace

std::string deflate_whole(std::string_view bytes, compression_level level) {
  auto* const with = compressor(deflate_level(level));
  std::string packed(libdeflate_deflate_compress_bound(with, bytes.size()), '\0');
  packed.resize(libdeflate_deflate_compress(with, bytes.data(), bytes.size(), packed.data(),
                                            packed.size()));
  return packed;
}

std::string deflate_part(std::string_view bytes, compression_level level) {
  static thread_local zlib::deflate_stream stream;
  stream.reset(deflate_level(level), 15, 8, zlib::Strategy::normal);
  std::string packed(stream.upper_bound(bytes.size()) + 16, '\0');
  zlib::z_params state;
  state.next_in = bytes.data();
  state.avail_in = bytes.size();
  state.next_out = packed.data();
  state.avail_out = packed.size();
  boost::beast::error_code ec;
  stream.write(state, zlib::Flush::sync, ec);
  if (ec || state.avail_in != 0) throw std::logic_error("deflate does not fit its upper bound");
  packed.resize(state.total_out);
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

std::string zstd_frame(std::string_view bytes, compression_level level) {
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  auto const size = ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(),
                                  zstd_level(level));
  if (ZSTD_isError(size)) throw std::bad_alloc();
  packed.resize(size);
  return packed;
}

}  // namespace corunner::exec
