#include "exec/archive/inflate.hpp"

#include <libdeflate.h>

#include <memory>
#include <new>

namespace corunner::exec {
namespace {

struct freer {
  void operator()(libdeflate_decompressor* made) const { libdeflate_free_decompressor(made); }
};

libdeflate_decompressor* decompressor() {
  static thread_local std::unique_ptr<libdeflate_decompressor, freer> const mine(
      libdeflate_alloc_decompressor());
  if (!mine) throw std::bad_alloc();
  return mine.get();
}

}  // namespace

inflate_end inflate(std::string_view packed, std::span<char> into, std::size_t& size) {
  auto const how = libdeflate_deflate_decompress(decompressor(), packed.data(), packed.size(),
                                                 into.data(), into.size(), &size);
  switch (how) {
    case LIBDEFLATE_SUCCESS: return inflate_end::whole;
    case LIBDEFLATE_INSUFFICIENT_SPACE: return inflate_end::too_long;
    default: return inflate_end::corrupt;
  }
}

}  // namespace corunner::exec
