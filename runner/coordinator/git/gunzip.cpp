#include "runner/coordinator/git/gunzip.hpp"

#include <libdeflate.h>

#include <memory>

namespace corunner::coordinator {

result<std::string> gunzip(std::string_view packed, std::size_t limit) {
  constexpr std::size_t least = 18;  // header and trailer (RFC 1952)
  if (packed.size() < least) return error_code(asio::error::invalid_argument);
  // The last four bytes are the size, the low byte first.
  std::size_t size = 0;
  for (int i = 1; i <= 4; ++i) {
    size = size << 8 | static_cast<unsigned char>(packed[packed.size() - i]);
  }
  if (size > limit) return error_code(asio::error::message_size);
  std::string content(size, '\0');
  std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> const with(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  auto const how = libdeflate_gzip_decompress(with.get(), packed.data(), packed.size(),
                                              content.data(), content.size(), nullptr);
  if (how != LIBDEFLATE_SUCCESS) return error_code(asio::error::invalid_argument);
  return content;
}

}  // namespace corunner::coordinator
