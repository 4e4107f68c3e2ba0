#include "exec/archive/archive_source.hpp"

#include "exec/archive/plain_sources.hpp"
#include "exec/archive/tar_source.hpp"
#include "exec/archive/zip_source.hpp"

namespace corunner::exec {

std::optional<archive_format> parse_archive_format(std::string_view name) {
  static constexpr std::pair<std::string_view, archive_format> table[] = {
      {"", archive_format::zip},          {"zip", archive_format::zip},
      {"zipzstd", archive_format::zip_zstd}, {"tarzstd", archive_format::tar_zstd},
      {"gzip", archive_format::gzip},     {"raw", archive_format::raw},
  };
  for (auto const& [known, format] : table) {
    if (known == name) return format;
  }
  return std::nullopt;
}

std::optional<compression_level> parse_compression_level(std::string_view name) {
  static constexpr std::pair<std::string_view, compression_level> table[] = {
      {"", compression_level::normal},        {"default", compression_level::normal},
      {"fastest", compression_level::fastest}, {"fast", compression_level::fast},
      {"slow", compression_level::slow},      {"slowest", compression_level::slowest},
  };
  for (auto const& [known, level] : table) {
    if (known == name) return level;
  }
  return std::nullopt;
}

std::unique_ptr<archive_source> open_archive(asio::any_io_executor loop, net::blocking_pool& pool,
                                             std::shared_ptr<archive_plan const> plan) {
  switch (plan->format) {
    case archive_format::zip:
    case archive_format::zip_zstd: return std::make_unique<zip_source>(loop, pool, std::move(plan));
    case archive_format::tar_zstd: return std::make_unique<tar_source>(loop, pool, std::move(plan));
    case archive_format::gzip: return std::make_unique<gzip_source>(loop, pool, std::move(plan));
    case archive_format::raw: return std::make_unique<raw_source>(loop, pool, std::move(plan));
  }
  return nullptr;
}

}  // namespace corunner::exec
