#include "runner/journal/directory_storage.hpp"

#include "config/atomic_file.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace corunner {

namespace {

constexpr std::string_view lock_ending = ".lock";

error_code last_error() { return {errno, boost::system::system_category()}; }

// A descriptor that holds the lock, or -1.
int take_lock(std::filesystem::path const& file, int flags) {
  int const lock = ::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
  if (lock < 0) return -1;
  if (::flock(lock, LOCK_EX | LOCK_NB) == 0) return lock;
  int const why = errno;
  ::close(lock);
  errno = why;
  return -1;
}

error_code write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const n = ::write(file, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return last_error();
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

error_code sync_file(std::filesystem::path const& path, int flags) {
  int const file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags);
  if (file < 0) return last_error();
  error_code const failed = ::fdatasync(file) == 0 ? error_code() : last_error();
  ::close(file);
  return failed;
}

// A loss of power may leave a directory without its lock file.
void restore_locks(std::filesystem::path const& base) {
  std::error_code ec;
  for (auto const& entry : std::filesystem::directory_iterator(base, ec)) {
    if (!entry.is_directory(ec)) continue;
    auto const path = entry.path().string() + std::string(lock_ending);
    int const made =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (made >= 0) ::close(made);
  }
}

}  // namespace

result<std::unique_ptr<directory_storage>> directory_storage::create(
    std::filesystem::path const& base) {
  if (config::make_directory(base)) return last_error();
  std::random_device random;
  for (int tries = 0; tries < 8; ++tries) {
    auto const directory = base / fmt::format("{}-{:08x}", ::getpid(), random());
    int const lock = take_lock(directory.string() + std::string(lock_ending), O_CREAT | O_EXCL);
    if (lock < 0 && (errno == EEXIST || errno == EWOULDBLOCK)) continue;
    if (lock < 0) return last_error();
    std::unique_ptr<directory_storage> made(new directory_storage(directory, lock));
    if (::mkdir(directory.c_str(), 0700) != 0) return last_error();
    sync_file(base, O_DIRECTORY);  // best effort: some file systems cannot
    return made;
  }
  return error_code(asio::error::address_in_use);
}

std::vector<std::unique_ptr<directory_storage>> directory_storage::adopt(
    std::filesystem::path const& base) {
  std::vector<std::unique_ptr<directory_storage>> found;
  restore_locks(base);
  std::error_code ec;
  for (auto const& entry : std::filesystem::directory_iterator(base, ec)) {
    auto path = entry.path();
    if (path.extension() != lock_ending) continue;
    int const lock = take_lock(path, 0);
    if (lock < 0) continue;
    found.emplace_back(new directory_storage(path.replace_extension(), lock));
  }
  return found;
}

directory_storage::~directory_storage() {
  // Only an empty directory can be removed this way.
  if (::rmdir(directory_.c_str()) == 0 || errno == ENOENT) ::unlink(lock_file().c_str());
  ::close(lock_);
}

std::filesystem::path directory_storage::lock_file() const {
  return directory_.string() + std::string(lock_ending);
}

std::vector<std::string> directory_storage::names() {
  std::vector<std::string> found;
  std::error_code ec;
  for (auto const& entry : std::filesystem::directory_iterator(directory_, ec)) {
    found.push_back(entry.path().filename().string());
  }
  return found;
}

error_code directory_storage::append(std::string const& name, std::string_view bytes) {
  auto const path = directory_ / name;
  int const file =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return last_error();
  error_code const failed = write_all(file, bytes);
  ::close(file);
  return failed;
}

result<std::string> directory_storage::read(std::string const& name) {
  std::ifstream in(directory_ / name, std::ios::binary);
  if (!in) return last_error();
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

result<std::uint64_t> directory_storage::size(std::string const& name) {
  std::error_code ec;
  auto const bytes = std::filesystem::file_size(directory_ / name, ec);
  if (ec) return error_code(ec);
  return static_cast<std::uint64_t>(bytes);
}

result<std::unique_ptr<spool>> directory_storage::open_spool(std::string const& name) {
  return open_spool_at(directory_ / name);
}

void directory_storage::remove(std::string const& name) {
  ::unlink((directory_ / name).c_str());
}

error_code directory_storage::sync(std::vector<std::string> const& names) {
  error_code first;
  for (auto const& name : names) {
    if (error_code const failed = sync_file(directory_ / name, 0); failed && !first) first = failed;
  }
  if (error_code const failed = sync_file(directory_, O_DIRECTORY); failed && !first) {
    first = failed;
  }
  return first;
}

std::string directory_storage::machine_start() {
  std::ifstream in("/proc/sys/kernel/random/boot_id");
  std::string text;
  std::getline(in, text);
  return text;
}

}  // namespace corunner
