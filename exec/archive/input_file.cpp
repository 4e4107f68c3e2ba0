#include "exec/archive/input_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace corunner::exec {

std::string system_message(std::string const& what, std::string const& path, int error) {
  auto text = std::generic_category().message(error);
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] += 'a' - 'A';
  return what + " " + path + ": " + text;
}

std::optional<input_file> input_file::open(std::string const& path, std::string const& shown,
                                           std::string& failure) {
  // Not to block in open when it has become a pipe.
  int const descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    failure = system_message("open", shown, errno);
    return std::nullopt;
  }
  input_file opened(descriptor, shown);
  struct stat info;
  int const error = ::fstat(descriptor, &info) != 0 ? errno
                    : S_ISDIR(info.st_mode)         ? EISDIR
                    : S_ISREG(info.st_mode)         ? 0
                                                    : EINVAL;
  if (error != 0) {
    failure = system_message("read", shown, error);
    return std::nullopt;
  }
  opened.size_ = static_cast<std::uint64_t>(info.st_size);
  opened.modified_ = info.st_mtim.tv_sec;
  return opened;
}

input_file::input_file(input_file&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), shown_(std::move(other.shown_)),
      size_(other.size_), modified_(other.modified_) {}

input_file& input_file::operator=(input_file&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(shown_, other.shown_);
  std::swap(size_, other.size_);
  std::swap(modified_, other.modified_);
  return *this;
}

input_file::~input_file() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::optional<std::string> input_file::read(std::uint64_t offset, std::size_t length,
                                            std::string& failure) const {
  std::string bytes(length, '\0');
  std::size_t done = 0;
  while (done < length) {
    auto const got = ::pread(descriptor_, bytes.data() + done, length - done,
                             static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      failure = system_message("read", shown_, errno);
      return std::nullopt;
    }
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

}  // namespace corunner::exec
