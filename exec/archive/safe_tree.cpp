#include "exec/archive/safe_tree.hpp"

#include "exec/archive/input_file.hpp"
#include "exec/archive/lexical_path.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace corunner::exec {
namespace {

constexpr int look = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

bool is_link(int parent, std::string const& name) {
  struct stat info;
  return ::fstatat(parent, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(info.st_mode);
}

void times_of(file_metadata const& metadata, timespec (&times)[2]) {
  times[0] = {0, UTIME_NOW};
  times[1] = {static_cast<std::time_t>(metadata.modified), metadata.modified_nanoseconds};
}

constexpr std::uint32_t nobody = 0xFFFFFFFF;  // leaves an owner as it is

}  // namespace

owned_descriptor& owned_descriptor::operator=(owned_descriptor&& other) noexcept {
  std::swap(value_, other.value_);
  return *this;
}

owned_descriptor::~owned_descriptor() {
  if (value_ >= 0) ::close(value_);
}

bool apply_metadata(int descriptor, file_metadata const& metadata) {
  timespec times[2];
  times_of(metadata, times);
  if (::futimens(descriptor, times) != 0) return false;
  if (::fchmod(descriptor, metadata.mode & 0777) != 0) return false;
  // Only root may give files away.
  if (::fchown(descriptor, metadata.uid.value_or(nobody), metadata.gid.value_or(nobody)) != 0)
    errno = 0;
  return true;
}

safe_tree::safe_tree(std::string root)
    : root_(clean_path(root)),
      root_descriptor_(::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
  if (!root_descriptor_) failure_ = system_message("open", root_, errno);
}

std::string safe_tree::shown(std::string const& path) const {
  return path == "." ? root_ : root_ + "/" + path;
}

bool safe_tree::fail(std::string_view what, std::string const& path, int error) {
  failure_ = system_message(std::string(what), shown(path), error);
  return false;
}

std::optional<std::string> safe_tree::place(std::string_view name) {
  auto const full = clean_path(root_ + "/" + std::string(name));
  if (name.find('\0') != std::string_view::npos) {
    failure_ = system_message("open", full, EINVAL);
    return std::nullopt;
  }
  auto below = path_below(root_, full);
  if (below.empty()) {
    failure_ = full + " cannot be extracted outside of chroot (" + root_ + ")";
    return std::nullopt;
  }
  return below;
}

// A link stands where a directory is wanted.
owned_descriptor safe_tree::follow_link(std::string const& path) {
  std::error_code ec;
  auto const root = std::filesystem::canonical(root_, ec).string();
  auto const target = std::filesystem::canonical(shown(path), ec).string();
  auto const below = ec ? std::string() : path_below(root, target);
  if (below.empty()) {
    failure_ = shown(path) + " cannot be extracted outside of chroot (" + root_ + ")";
    return owned_descriptor();
  }
  // There is no link in this path any more, unless somebody changes it right now: then it fails.
  owned_descriptor at(::openat(root_descriptor_.get(), ".", look));
  for (std::size_t begin = 0; at && below != "." && begin < below.size();) {
    auto const end = std::min(below.find('/', begin), below.size());
    at = owned_descriptor(::openat(at.get(), below.substr(begin, end - begin).c_str(), look));
    begin = end + 1;
  }
  if (!at) fail("open", path, errno);
  return at;
}

owned_descriptor safe_tree::step(int parent, std::string const& name, std::string const& path) {
  owned_descriptor next(::openat(parent, name.c_str(), look));
  if (!next && errno == ENOENT) {
    // Somebody else may have made it meanwhile.
    if (::mkdirat(parent, name.c_str(), 0777) != 0 && errno != EEXIST) {
      fail("mkdir", path, errno);
      return next;
    }
    next = owned_descriptor(::openat(parent, name.c_str(), look));
  }
  if (next) return next;
  auto const error = errno;
  if (is_link(parent, name)) return follow_link(path);
  fail("mkdir", path, error);
  return next;
}

owned_descriptor safe_tree::open_directory(std::string const& path) {
  owned_descriptor at(::openat(root_descriptor_.get(), ".", look));
  if (!at) fail("open", ".", errno);
  for (std::size_t begin = 0; at && path != "." && begin < path.size();) {
    auto const end = std::min(path.find('/', begin), path.size());
    auto next = step(at.get(), path.substr(begin, end - begin), path.substr(0, end));
    at = std::move(next);
    begin = end + 1;
  }
  return at;
}

// The parent's descriptor (-1: failed), which stays good until the next call, and the last
// component.
std::pair<int, std::string> safe_tree::parent_of(std::string const& path) {
  auto const slash = path.rfind('/');
  auto const parent = slash == std::string::npos ? std::string(".") : path.substr(0, slash);
  if (!last_descriptor_ || parent != last_parent_) {
    last_descriptor_ = open_directory(parent);
    last_parent_ = parent;
  }
  return {last_descriptor_.get(), slash == std::string::npos ? path : path.substr(slash + 1)};
}

bool safe_tree::remove(int parent, std::string const& name, std::string const& path) {
  if (::unlinkat(parent, name.c_str(), 0) == 0 || errno == ENOENT) return true;
  if (errno == EISDIR && ::unlinkat(parent, name.c_str(), AT_REMOVEDIR) == 0) return true;
  return fail("remove", path, errno);
}

owned_descriptor safe_tree::create_file(std::string const& path) {
  if (path == ".") {
    fail("remove", path, EBUSY);
    return owned_descriptor();
  }
  auto const [parent, name] = parent_of(path);
  if (parent < 0 || !remove(parent, name, path)) return owned_descriptor();
  owned_descriptor made(
      ::openat(parent, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!made) fail("open", path, errno);
  return made;
}

bool safe_tree::make_directory(std::string const& path) {
  return static_cast<bool>(open_directory(path));
}

bool safe_tree::make_link(std::string const& path, std::string const& target,
                          file_metadata const& metadata) {
  if (path == ".") return fail("remove", path, EBUSY);
  auto const [parent, name] = parent_of(path);
  if (parent < 0 || !remove(parent, name, path)) return false;
  int const error = target.find('\0') != std::string::npos                        ? EINVAL
                    : ::symlinkat(target.c_str(), parent, name.c_str()) != 0 ? errno
                                                                                  : 0;
  if (error != 0) return fail("symlink " + target, path, error);
  timespec times[2];
  times_of(metadata, times);
  if (::utimensat(parent, name.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0) {
    return fail("chtimes", path, errno);
  }
  auto const uid = metadata.uid.value_or(nobody);
  auto const gid = metadata.gid.value_or(nobody);
  if (::fchownat(parent, name.c_str(), uid, gid, AT_SYMLINK_NOFOLLOW) != 0) errno = 0;
  return true;
}

bool safe_tree::make_hard_link(std::string const& path, std::string const& target) {
  if (path == "." || target == "." || path == target) return fail("link", path, EINVAL);
  auto const slash = target.rfind('/');
  auto const from = open_directory(slash == std::string::npos ? "." : target.substr(0, slash));
  auto const from_name = slash == std::string::npos ? target : target.substr(slash + 1);
  if (!from) return false;
  struct stat info;
  if (::fstatat(from.get(), from_name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    return fail("link", target, errno);
  }
  if (!S_ISREG(info.st_mode)) return fail("link", target, EINVAL);
  auto const [parent, name] = parent_of(path);
  if (parent < 0 || !remove(parent, name, path)) return false;
  if (::linkat(from.get(), from_name.c_str(), parent, name.c_str(), 0) != 0) {
    return fail("link", path, errno);
  }
  return true;
}

bool safe_tree::finish_directory(std::string const& path, file_metadata const& metadata) {
  auto const at = open_directory(path);
  if (!at) return false;
  timespec times[2];
  times_of(metadata, times);
  // By "." because the descriptor is for looking only: it can be had without the right to read.
  if (::utimensat(at.get(), ".", times, 0) != 0) return fail("chtimes", path, errno);
  auto const uid = metadata.uid.value_or(nobody);
  auto const gid = metadata.gid.value_or(nobody);
  if (::fchownat(at.get(), ".", uid, gid, 0) != 0) errno = 0;
  if (::fchmodat(at.get(), ".", metadata.mode & 0777, 0) != 0) return fail("chmod", path, errno);
  return true;
}

}  // namespace corunner::exec
