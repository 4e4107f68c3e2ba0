#include "runner/trace/spool.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

namespace corunner {

namespace {

error_code last_error() { return {errno, boost::system::system_category()}; }

class spool_file final : public spool {
 public:
  // `path` is removed with the object; empty: nothing is.
  spool_file(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}

  ~spool_file() override {
    ::close(descriptor_);
    if (!path_.empty()) ::unlink(path_.c_str());
  }

  error_code write(std::uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      auto const n = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (n < 0) {
        if (errno == EINTR) continue;
        return last_error();
      }
      offset += static_cast<std::uint64_t>(n);
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
  }

  void cut(std::uint64_t size) override {
    struct stat facts {};
    if (::fstat(descriptor_, &facts) != 0 || static_cast<std::uint64_t>(facts.st_size) <= size) {
      return;
    }
    if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) return;
  }

  result<std::size_t> read(std::uint64_t offset, asio::mutable_buffer into) override {
    for (;;) {
      auto const n = ::pread(descriptor_, into.data(), into.size(), static_cast<off_t>(offset));
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno != EINTR) return last_error();
    }
  }

 private:
  int descriptor_;
  std::string path_;
};

}  // namespace

result<std::string> read_exactly(spool& from, std::uint64_t offset, std::size_t length) {
  std::string out(length, '\0');
  std::size_t filled = 0;
  while (filled < length) {
    auto const n = from.read(offset + filled, asio::buffer(out.data() + filled, length - filled));
    if (!n) return n.error();
    if (*n == 0) return error_code(asio::error::eof);
    filled += *n;
  }
  return out;
}

result<std::unique_ptr<spool>> open_spool_file(std::filesystem::path const& directory) {
  std::error_code no_temporary;
  auto const where = directory.empty() ? std::filesystem::temp_directory_path(no_temporary)
                                       : directory;
  if (no_temporary) return error_code(no_temporary);
  // mkostemp makes the file with mode 0600.
  std::string path = (where / "traceXXXXXX").string();
  int const descriptor = ::mkostemp(path.data(), O_CLOEXEC);
  if (descriptor < 0) return last_error();
  return std::unique_ptr<spool>(std::make_unique<spool_file>(descriptor, std::move(path)));
}

result<std::unique_ptr<spool>> open_spool_at(std::filesystem::path const& file) {
  int const descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return last_error();
  return std::unique_ptr<spool>(std::make_unique<spool_file>(descriptor, std::string()));
}

}  // namespace corunner
