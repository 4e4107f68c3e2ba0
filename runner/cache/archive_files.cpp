#include "runner/cache/archive_files.hpp"

#include "config/atomic_file.hpp"
#include "exec/archive/input_file.hpp"
#include "runner/cache/metadata.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

namespace corunner {
namespace {

using wall_time = net::time_source::wall_time;

constexpr std::chrono::hours long_enough{24};

wall_time moment(std::int64_t seconds, std::int64_t nanoseconds) {
  return wall_time(std::chrono::duration_cast<wall_time::duration>(
      std::chrono::seconds(seconds) + std::chrono::nanoseconds(nanoseconds)));
}

std::string metadata_file(std::string const& archive) {
  return directory_of(archive) + "/metadata.json";
}

// "archive_123", "cache123": one that is not complete.
bool is_staged(std::string_view name) {
  for (std::string_view const prefix : {"archive_", "cache", "metadata"}) {
    if (!name.starts_with(prefix)) continue;
    auto const number = name.substr(prefix.size());
    return !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos;
  }
  return false;
}

}  // namespace

std::string directory_of(std::string const& file) {
  auto const slash = file.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : file.substr(0, slash);
}

std::string base_name(std::string const& file) { return file.substr(file.rfind('/') + 1); }

std::string make_directory_of(std::string const& file) {
  auto const directory = directory_of(file);
  if (auto const why = config::make_directory(directory)) return why->message;
  struct stat info;
  if (::stat(directory.c_str(), &info) == 0 && S_ISDIR(info.st_mode)) return {};
  return exec::system_message("mkdir", directory, ENOTDIR);
}

std::optional<wall_time> modified_at(std::string const& file, std::string& failure) {
  struct stat info;
  if (::stat(file.c_str(), &info) == 0) return moment(info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
  if (errno != ENOENT) failure = exec::system_message("stat", file, errno);
  return std::nullopt;
}

bool any_younger(std::vector<exec::archive_entry> const& entries, wall_time than) {
  return std::ranges::any_of(entries, [than](exec::archive_entry const& each) {
    return moment(each.modified, each.modified_nanoseconds) > than;
  });
}

staged_name hidden_archive(std::string prefix) { return {std::move(prefix), 0600, true}; }

awaitable<std::string> write_metadata(net::blocking_pool& pool, std::string archive,
                                      cache_metadata metadata) {
  auto const target = metadata_file(archive);
  staged_file file(directory_of(archive), {"metadata", 0640, true});
  if (!file.ok()) co_return file.failure();
  auto const text = metadata_text(metadata);
  auto why = co_await file.write(pool, 0, text);
  if (why.empty()) why = file.publish(target);
  co_return why;
}

void remove_abandoned(std::string const& file, wall_time now) {
  std::error_code ec;
  for (auto const& entry : std::filesystem::directory_iterator(directory_of(file), ec)) {
    auto const path = entry.path().string();
    struct stat info;
    if (!is_staged(entry.path().filename().string()) || ::lstat(path.c_str(), &info) != 0) continue;
    bool const old = now - moment(info.st_mtim.tv_sec, info.st_mtim.tv_nsec) > long_enough;
    if (S_ISREG(info.st_mode) && old) ::unlink(path.c_str());
  }
}

void remove_archive(std::string const& archive) {
  ::unlink(archive.c_str());
  ::unlink(metadata_file(archive).c_str());
}

}  // namespace corunner
