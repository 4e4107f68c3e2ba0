#include "runner/artifact/staged_file.hpp"

#include "exec/archive/input_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <random>

namespace corunner {
namespace {

constexpr int most_names = 1000;

std::string write_at(int descriptor, std::string const& path, std::uint64_t offset,
                     std::string_view bytes) {
  while (!bytes.empty()) {
    auto const done = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return exec::system_message("write", path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(done));
    offset += static_cast<std::uint64_t>(done);
  }
  return {};
}

}  // namespace

staged_file::staged_file(std::string const& directory) {
  std::random_device random;
  for (int i = 0; i < most_names && !descriptor_; ++i) {
    path_ = directory + "/artifacts" + std::to_string(100'000u + random() % 4'000'000'000u);
    descriptor_ = exec::owned_descriptor(
        ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!descriptor_ && errno != EEXIST) break;
  }
  if (!descriptor_) failure_ = exec::system_message("open", path_, errno);
}

staged_file::~staged_file() {
  if (descriptor_) ::unlink(path_.c_str());
}

awaitable<std::string> staged_file::write(net::blocking_pool& pool, std::uint64_t offset,
                                          std::string_view bytes) {
  auto put = [descriptor = descriptor_.get(), path = path_, offset, bytes] {
    return write_at(descriptor, path, offset, bytes);
  };
  co_return co_await net::on_pool(pool, std::move(put));
}

std::string staged_file::clear() {
  if (::ftruncate(descriptor_.get(), 0) == 0) return {};
  return exec::system_message("truncate", path_, errno);
}

}  // namespace corunner
