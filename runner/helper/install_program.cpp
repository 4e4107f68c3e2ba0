#include "runner/helper/install_program.hpp"

#include "exec/process/spawn.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <string>

namespace corunner {
namespace {

namespace fs = std::filesystem;

constexpr char const* this_program = "/proc/self/exe";

error_code last_error() { return {errno, boost::system::system_category()}; }

error_code make_directories(fs::path const& path, mode_t mode) {
  if (path.empty()) return {};
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return {};
  if (auto const failed = make_directories(path.parent_path(), mode)) return failed;
  if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST) return last_error();
  return {};
}

bool same_content(fs::path const& one, fs::path const& other) {
  std::error_code failed;
  if (fs::file_size(one, failed) != fs::file_size(other, failed) || failed) return false;
  std::ifstream a(one, std::ios::binary);
  std::ifstream b(other, std::ios::binary);
  using bytes = std::istreambuf_iterator<char>;
  return a && b && std::equal(bytes(a), bytes(), bytes(b));
}

error_code copy_file(fs::path const& from, fs::path const& to, mode_t mode) {
  exec::owned_fd const in(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in) return last_error();
  exec::owned_fd const out(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700));
  if (!out) return last_error();
  std::string buffer(256 * 1024, '\0');
  while (true) {
    auto const got = ::read(in.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return last_error();
    if (got == 0) break;
    for (std::string_view left(buffer.data(), static_cast<std::size_t>(got)); !left.empty();) {
      auto const written = ::write(out.get(), left.data(), left.size());
      if (written < 0 && errno != EINTR) return last_error();
      if (written > 0) left.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  if (::fchmod(out.get(), mode) != 0) return last_error();
  return {};
}

}  // namespace

error_code install_program(fs::path const& destination, mode_t mode, mode_t directory_mode) {
  if (auto const failed = make_directories(destination.parent_path(), directory_mode)) {
    return failed;
  }
  if (same_content(this_program, destination)) {
    ::chmod(destination.c_str(), mode);  // may be another's, who has done so then
    return {};
  }
  auto made = destination;
  made += "." + std::to_string(::getpid());
  ::unlink(made.c_str());
  auto failed = copy_file(this_program, made, mode);
  if (!failed && ::rename(made.c_str(), destination.c_str()) != 0) failed = last_error();
  if (failed) ::unlink(made.c_str());
  return failed;
}

}  // namespace corunner
