#include "test/exec/archive/scratch.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

namespace corunner::test {

namespace fs = std::filesystem;

scratch::scratch() {
  auto name = (fs::temp_directory_path() / "corunner-test-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("mkdtemp failed");
  root_ = fs::canonical(name);
}

scratch::~scratch() {
  std::error_code ec;
  for (auto at = fs::recursive_directory_iterator(root_, ec); !ec && at != fs::end(at);
       at.increment(ec)) {
    if (at->is_directory(ec) && !at->is_symlink(ec))
      fs::permissions(at->path(), fs::perms::owner_all, ec);
  }
  fs::remove_all(root_, ec);
}

std::string scratch::path(std::string_view below) const {
  return below.empty() ? root_.string() : (root_ / below).string();
}

void scratch::file(std::string_view name, std::string_view content, unsigned mode,
                   std::int64_t modified) const {
  auto const full = path(name);
  fs::create_directories(fs::path(full).parent_path());
  std::ofstream(full, std::ios::binary) << content;
  ::chmod(full.c_str(), mode);
  timespec const times[2] = {{modified, 0}, {modified, 0}};
  ::utimensat(AT_FDCWD, full.c_str(), times, 0);
}

void scratch::folder(std::string_view name, unsigned mode) const {
  fs::create_directories(path(name));
  ::chmod(path(name).c_str(), mode);
}

void scratch::link(std::string_view name, std::string_view target) const {
  fs::create_directories(fs::path(path(name)).parent_path());
  fs::create_symlink(target, path(name));
}

std::string scratch::read(std::string_view name) const {
  std::ifstream in(path(name), std::ios::binary);
  std::error_code ec;
  auto const size = fs::file_size(path(name), ec);
  std::string content(ec ? 0 : size, '\0');
  in.read(content.data(), static_cast<std::streamsize>(content.size()));
  return content;
}

unsigned scratch::mode(std::string_view name) const {
  struct stat info{};
  ::lstat(path(name).c_str(), &info);
  return info.st_mode & 07777;
}

std::int64_t scratch::modified(std::string_view name) const {
  struct stat info{};
  ::lstat(path(name).c_str(), &info);
  return info.st_mtim.tv_sec;
}

bool scratch::exists(std::string_view name) const {
  struct stat info{};
  return ::lstat(path(name).c_str(), &info) == 0;
}

std::string scratch::list(std::string_view below) const {
  std::set<std::string> lines;
  auto const root = path(below);
  for (auto const& entry : fs::recursive_directory_iterator(root)) {
    auto const name = entry.path().lexically_relative(root).string();
    if (entry.is_symlink()) {
      lines.insert(fmt::format("{} -> {}\n", name, fs::read_symlink(entry.path()).string()));
    } else if (entry.is_directory()) {
      lines.insert(name + "/\n");
    } else if (entry.is_regular_file() && entry.file_size() < 60) {
      std::ifstream in(entry.path(), std::ios::binary);
      std::string const content{std::istreambuf_iterator<char>(in), {}};
      lines.insert(fmt::format("{} = {}\n", name, content));
    } else {
      lines.insert(name + "\n");
    }
  }
  std::string all;
  for (auto const& line : lines) all += line;
  return all;
}

shell_answer shell(std::string const& directory, std::string const& command) {
  auto const full = fmt::format("cd '{}' && ( {} ) 2>&1", directory, command);
  std::FILE* const pipe = ::popen(full.c_str(), "r");
  if (!pipe) throw std::runtime_error("popen failed");
  shell_answer answer{};
  char buffer[4096];
  while (auto const size = std::fread(buffer, 1, sizeof buffer, pipe))
    answer.output.append(buffer, size);
  answer.exit_code = WEXITSTATUS(::pclose(pipe));
  return answer;
}

}  // namespace corunner::test
