// zstd can read the formats from before its first release, each by a decoder of its own. Nobody
// has such files: they are refused here like what is no zstd at all, and none of the decoders is
// linked.

#include <zstd.h>
#include <zstd_errors.h>

#include <cstddef>
#include <cstdint>

namespace {

constexpr std::size_t refused = 0 - static_cast<std::size_t>(ZSTD_error_prefix_unknown);

void refuse_size(std::size_t* size, std::uint64_t* bound) {
  *size = refused;
  *bound = ZSTD_CONTENTSIZE_ERROR;
}

}  // namespace

// What decodes takes what was created, and nothing is.
#define CORUNNER_NO_DECODER(VERSION)                                                               \
  void* ZSTD##VERSION##_createDCtx();                                                              \
  void* ZBUFF##VERSION##_createDCtx();                                                             \
  std::size_t ZSTD##VERSION##_freeDCtx(void*);                                                     \
  std::size_t ZBUFF##VERSION##_freeDCtx(void*);                                                    \
  std::size_t ZSTD##VERSION##_decompress_usingDict();                                              \
  std::size_t ZBUFF##VERSION##_decompressInitDictionary();                                         \
  std::size_t ZBUFF##VERSION##_decompressContinue();                                               \
  std::size_t ZSTD##VERSION##_getFrameParams();                                                    \
  void ZSTD##VERSION##_findFrameSizeInfoLegacy(void const*, std::size_t, std::size_t*,             \
                                               std::uint64_t*);                                    \
  void* ZSTD##VERSION##_createDCtx() { return nullptr; }                                           \
  void* ZBUFF##VERSION##_createDCtx() { return nullptr; }                                          \
  std::size_t ZSTD##VERSION##_freeDCtx(void*) { return 0; }                                        \
  std::size_t ZBUFF##VERSION##_freeDCtx(void*) { return 0; }                                       \
  std::size_t ZSTD##VERSION##_decompress_usingDict() { return refused; }                           \
  std::size_t ZBUFF##VERSION##_decompressInitDictionary() { return refused; }                      \
  std::size_t ZBUFF##VERSION##_decompressContinue() { return refused; }                            \
  std::size_t ZSTD##VERSION##_getFrameParams() { return refused; }                                 \
  void ZSTD##VERSION##_findFrameSizeInfoLegacy(void const*, std::size_t, std::size_t* size,        \
                                               std::uint64_t* bound) {                             \
    refuse_size(size, bound);                                                                      \
  }

extern "C" {
CORUNNER_NO_DECODER(v05)
CORUNNER_NO_DECODER(v06)
CORUNNER_NO_DECODER(v07)
}
