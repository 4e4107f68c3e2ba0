#include "runner/cache/cache_options.hpp"

#include <fmt/format.h>

namespace corunner {

std::string check_sizes(cache_transfer_options const& options) {
  auto const negative = [](std::string_view what, std::int64_t value, std::string_view names,
                           std::int64_t standing) {
    if (value >= 0) return std::string();
    auto text = fmt::format("invalid cache {} {} ({}): must be non-negative", what, value, names);
    if (standing > 0) text += fmt::format("; use 0 for default {} bytes", standing);
    return text;
  };
  using sizes = cache_transfer_options;
  auto why = negative("transfer buffer size", options.buffer_size,
                      "CACHE_TRANSFER_BUFFER_SIZE / --transfer-buffer-size",
                      sizes::default_buffer_size);
  if (why.empty()) {
    why = negative("chunk size", options.chunk_size, "CACHE_CHUNK_SIZE / --chunk-size",
                   sizes::default_chunk_size);
  }
  if (why.empty()) {
    why = negative("concurrency", options.concurrency, "CACHE_CONCURRENCY / --concurrency", 0);
  }
  return why;
}

}  // namespace corunner
