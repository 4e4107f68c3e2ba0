#include "runner/coordinator/storage/trace_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <libdeflate.h>
#include <unistd.h>

namespace corunner::coordinator {

trace_files::trace_files(std::filesystem::path directory) : directory_(std::move(directory)) {}

std::filesystem::path trace_files::path(std::int64_t job) const {
  return directory_ / fmt::format("{}.log", job);
}

error_code trace_files::write(std::int64_t job, std::uint64_t offset,
                              std::string_view bytes) const {
  // A file of that name may be left from a database that lived in memory only.
  int const fresh = offset == 0 ? O_TRUNC : 0;
  int const file = ::open(path(job).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | fresh, 0600);
  if (file < 0) return {errno, boost::system::system_category()};
  error_code failed;
  while (!bytes.empty()) {
    auto const written = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0) {
      if (errno == EINTR) continue;
      failed = {errno, boost::system::system_category()};
      break;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  ::close(file);
  return failed;
}

void trace_files::remove(std::int64_t job) const {
  std::error_code ignored;
  std::filesystem::remove(path(job), ignored);
}

std::uint32_t crc32_after(std::uint32_t before, std::string_view bytes) {
  return libdeflate_crc32(before, bytes.data(), bytes.size());
}

std::string checksum_text(std::uint32_t crc) { return fmt::format("crc32:{:08x}", crc); }

}  // namespace corunner::coordinator
