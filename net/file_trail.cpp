#include "net/file_trail.hpp"

#include <sys/stat.h>

#include <deque>

namespace corunner::net {

namespace {

namespace fs = std::filesystem;

constexpr int most_links = 40;  // as the kernel follows

std::int64_t nanoseconds(timespec const& at) {
  return static_cast<std::int64_t>(at.tv_sec) * 1'000'000'000 + at.tv_nsec;
}

// What is still to walk, a name each.
void put_in_front(std::deque<std::string>& names, fs::path const& way) {
  std::deque<std::string> more;
  for (auto const& part : way.relative_path()) {
    if (!part.empty() && part != ".") more.push_back(part.string());
  }
  names.insert(names.begin(), more.begin(), more.end());
}

}  // namespace

file_trail trail_of(fs::path const& path) {
  file_trail trail;
  std::error_code ec;
  auto const whole = fs::absolute(path, ec);
  if (ec) return trail;
  fs::path at = "/";
  std::deque<std::string> names;
  put_in_front(names, whole);
  int links = 0;
  while (!names.empty()) {
    auto const name = names.front();
    names.pop_front();
    if (name == "..") {
      at = at.parent_path();
      continue;
    }
    struct stat found{};
    bool const there = ::lstat((at / name).c_str(), &found) == 0;
    if (there && S_ISLNK(found.st_mode) && ++links <= most_links) {
      trail.places.push_back({at, name});
      auto const target = fs::read_symlink(at / name, ec);
      if (ec) return trail;
      if (target.is_absolute()) at = "/";
      put_in_front(names, target);
      continue;
    }
    if (there && S_ISDIR(found.st_mode) && !names.empty()) {
      at /= name;
      continue;
    }
    trail.places.push_back({at, name});
    if (!there || !names.empty()) return trail;
    trail.file = at / name;
    trail.device = found.st_dev;
    trail.inode = found.st_ino;
  }
  return trail;
}

file_stamp stamp_of(fs::path const& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return {};
  return {.device = found.st_dev,
          .inode = found.st_ino,
          .size = found.st_size,
          .modified = nanoseconds(found.st_mtim),
          .changed = nanoseconds(found.st_ctim)};
}

}  // namespace corunner::net
