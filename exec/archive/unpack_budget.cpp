#include "exec/archive/unpack_budget.hpp"

#include <fmt/format.h>

#include <sys/statvfs.h>

#include <algorithm>

namespace corunner::exec {
namespace {

constexpr std::uint64_t believed_ratio = 100;
constexpr std::uint64_t part_kept_free = 16;

}  // namespace

unpack_budget unpack_budget::of(std::string const& root, std::uint64_t archive_length) {
  struct statvfs info;
  if (::statvfs(root.c_str(), &info) != 0 || info.f_blocks == 0) return unpack_budget();
  auto const free = static_cast<std::uint64_t>(info.f_bavail) * info.f_frsize;
  return unpack_budget(std::max(believed_ratio * archive_length, free - free / part_kept_free));
}

std::string unpack_budget::take(std::uint64_t bytes) {
  if (bytes <= most_ - taken_) {
    taken_ += bytes;
    return {};
  }
  taken_ = most_;
  return fmt::format("archive unpacks to more than {} bytes, for which there is no room", most_);
}

}  // namespace corunner::exec
