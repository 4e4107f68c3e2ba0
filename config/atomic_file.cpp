#include "config/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace corunner::config {

namespace {

// The lower case text of errno that Go programs print.
std::string cause(int error) {
  std::string text = std::strerror(error);
  if (!text.empty()) {
    text.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  }
  return text;
}

failure problem(std::string_view what, std::filesystem::path const& file, int error) {
  return {std::string(what) + ' ' + file.string() + ": " + cause(error)};
}

class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  descriptor(descriptor const&) = delete;
  descriptor& operator=(descriptor const&) = delete;

  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

// 0, or the errno of the write or sync that failed.
int write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(fd) == 0 ? 0 : errno;
}

std::optional<failure> write_in_place(std::filesystem::path const& file, std::string_view bytes) {
  descriptor const out(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!out.ok()) return problem("open", file, errno);
  if (int const error = write_all(out.get(), bytes)) return problem("write", file, error);
  return std::nullopt;
}

bool cannot_be_replaced(int error) {
  return error == EBUSY || error == EXDEV || error == EPERM || error == EACCES || error == EROFS;
}

// Gives the temporary file the mode and owner of the one it replaces. False when it must not
// replace it because that cannot be done.
bool take_over_identity(int fd, struct stat const& old) {
  struct stat mine {};
  if (::fstat(fd, &mine) != 0) return false;
  bool const same_owner = mine.st_uid == old.st_uid && mine.st_gid == old.st_gid;
  if (!same_owner && ::fchown(fd, old.st_uid, old.st_gid) != 0) return false;
  return ::fchmod(fd, old.st_mode & 07777) == 0;
}

}  // namespace

outcome<file_text> read_file(std::filesystem::path const& file) {
  descriptor const in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in.ok()) {
    if (errno == ENOENT) return file_text{"", true};
    return problem("open", file, errno);
  }
  file_text text;
  char buffer[16 * 1024];
  for (;;) {
    auto const count = ::read(in.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return problem("read", file, errno);
    if (count == 0) return text;
    text.bytes.append(buffer, static_cast<std::size_t>(count));
  }
}

std::optional<failure> make_directory(std::filesystem::path const& directory) {
  std::error_code ec;
  if (directory.empty() || std::filesystem::is_directory(directory, ec)) return std::nullopt;
  if (auto const why = make_directory(directory.parent_path())) return why;
  if (::mkdir(directory.c_str(), 0700) == 0 || errno == EEXIST) return std::nullopt;
  return problem("mkdir", directory, errno);
}

std::optional<failure> replace_file(std::filesystem::path const& file, std::string_view bytes) {
  std::error_code ec;
  auto target = file;
  if (std::filesystem::is_symlink(file, ec)) {
    auto const resolved = std::filesystem::weakly_canonical(file, ec);
    if (!ec) target = resolved;
  }
  struct stat old {};
  bool const exists = ::stat(target.c_str(), &old) == 0;
  if (exists && S_ISDIR(old.st_mode)) return problem("open", target, EISDIR);
  // Who may not write the file shall not replace it either, though the directory would allow it.
  if (exists && ::access(target.c_str(), W_OK) != 0) return problem("open", target, errno);

  auto temporary = target.string() + ".XXXXXX";
  descriptor const out(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!out.ok()) {
    if (exists && cannot_be_replaced(errno)) return write_in_place(target, bytes);
    return problem("open", target, errno);
  }
  int error = write_all(out.get(), bytes);
  if (error == 0 && exists && !take_over_identity(out.get(), old)) error = EPERM;
  if (error == 0 && ::rename(temporary.c_str(), target.c_str()) != 0) error = errno;
  if (error == 0) return std::nullopt;
  ::unlink(temporary.c_str());
  if (exists && cannot_be_replaced(error)) return write_in_place(target, bytes);
  return problem("write", target, error);
}

}  // namespace corunner::config
