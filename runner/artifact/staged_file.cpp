#include "runner/artifact/staged_file.hpp"

#include "exec/archive/input_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <random>

namespace corunner {
namespace {

constexpr int most_names = 1000;

std::string numbered(std::string const& directory, std::string const& prefix) {
  std::random_device random;
  return directory + "/" + prefix + std::to_string(100'000u + random() % 4'000'000'000u);
}

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

bool staged_file::open_hidden(std::string const& directory, mode_t mode) {
  // It gets its name by way of /proc.
  if (::access("/proc/self/fd", X_OK) != 0) return false;
  descriptor_ = exec::owned_descriptor(
      ::open(directory.c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, mode));
  return ok();
}

void staged_file::open_named(std::string const& directory, staged_name const& name) {
  for (int i = 0; i < most_names && !descriptor_; ++i) {
    path_ = numbered(directory, name.prefix);
    descriptor_ = exec::owned_descriptor(
        ::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, name.mode));
    if (!descriptor_ && errno != EEXIST) break;
  }
  if (!descriptor_) failure_ = exec::system_message("open", path_, errno);
  named_ = ok();
}

staged_file::staged_file(std::string const& directory, staged_name name) {
  if (name.hidden && open_hidden(directory, name.mode)) {
    path_ = numbered(directory, name.prefix);
    return;
  }
  open_named(directory, name);
}

staged_file::~staged_file() {
  if (named_) ::unlink(path_.c_str());
}

std::string staged_file::path() const {
  return named_ ? path_ : "/proc/self/fd/" + std::to_string(descriptor_.get());
}

std::string staged_file::link_somewhere() {
  auto const self = path();
  for (int i = 0; i < most_names; ++i) {
    if (::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, path_.c_str(), AT_SYMLINK_FOLLOW) == 0) {
      named_ = true;
      return {};
    }
    if (errno != EEXIST) break;
    path_ += '0';
  }
  return exec::system_message("link", path_, errno);
}

std::string staged_file::publish(std::string const& target) {
  if (!named_) {
    if (auto why = link_somewhere(); !why.empty()) return why;
  }
  if (::rename(path_.c_str(), target.c_str()) != 0) {
    return exec::system_message("rename", path_ + " " + target, errno);
  }
  named_ = false;
  return {};
}

std::string staged_file::set_modified(net::time_source::wall_time when) {
  auto const whole = std::chrono::floor<std::chrono::seconds>(when);
  timespec const at{
      std::chrono::system_clock::to_time_t(whole),
      static_cast<long>(
          std::chrono::duration_cast<std::chrono::nanoseconds>(when - whole).count())};
  timespec const both[] = {at, at};
  if (::futimens(descriptor_.get(), both) == 0) return {};
  return exec::system_message("chtimes", path_, errno);
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
