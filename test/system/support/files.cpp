#include "test/system/support/files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace corunner::test {

namespace fs = std::filesystem;

std::string read_file(fs::path const& file) {
  std::ostringstream text;
  std::ifstream in(file, std::ios::binary);
  if (in) text << in.rdbuf();
  return text.str();
}

void write_file(fs::path const& file, std::string const& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

std::vector<std::string> fingerprint(fs::path const& directory) {
  std::vector<std::string> lines;
  for (auto const& entry : fs::recursive_directory_iterator(directory)) {
    struct stat about {};
    ::lstat(entry.path().c_str(), &about);
    std::ostringstream line;
    auto const name = fs::relative(entry.path(), directory).string();
    line << name << ' ' << std::oct << about.st_mode << std::dec;
    // Git freshens objects that it would have written: only their time changes, by its design.
    if (name.find(".git/objects/") == std::string::npos) {
      line << ' ' << about.st_mtim.tv_sec << '.' << about.st_mtim.tv_nsec;
    }
    if (entry.is_symlink()) {
      line << ' ' << fs::read_symlink(entry.path()).string();
    } else if (entry.is_regular_file()) {
      line << ' ' << read_file(entry.path());
    }
    lines.push_back(line.str());
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<fs::path> files_with(fs::path const& directory, std::string const& text) {
  std::vector<fs::path> found;
  for (auto const& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_symlink() || !entry.is_regular_file()) continue;
    if (read_file(entry.path()).find(text) != std::string::npos) found.push_back(entry.path());
  }
  return found;
}

std::vector<std::string> names_in(fs::path const& directory) {
  std::vector<std::string> names;
  std::error_code ec;
  for (fs::directory_iterator at(directory, ec), end; !ec && at != end; at.increment(ec)) {
    names.push_back(at->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::size_t count_of(std::string const& part, std::string const& text) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

}  // namespace corunner::test
