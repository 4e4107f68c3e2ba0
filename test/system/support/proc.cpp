#include "test/system/support/proc.hpp"

#include "test/system/support/files.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <sstream>

namespace corunner::test {

namespace fs = std::filesystem;

namespace {

fs::path about(int pid) { return fs::path("/proc") / std::to_string(pid); }

// The number behind "Name:" in /proc/PID/status, 0 when it is not there.
std::size_t status_number(int pid, std::string const& name) {
  std::istringstream lines(read_file(about(pid) / "status"));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name + ":")) return std::stoul(line.substr(name.size() + 1));
  }
  return 0;
}

std::string with_blanks(std::string text) {
  std::replace(text.begin(), text.end(), '\0', ' ');
  return text;
}

}  // namespace

std::multiset<std::string> open_files(int pid) {
  std::multiset<std::string> found;
  std::error_code ec;
  for (fs::directory_iterator at(about(pid) / "fd", ec), end; !ec && at != end; at.increment(ec)) {
    auto const where = fs::read_symlink(at->path(), ec).string();
    if (!ec) found.insert(where.substr(0, where.find(":[")));
  }
  return found;
}

std::vector<int> all_processes() {
  std::vector<int> found;
  std::error_code ec;
  for (fs::directory_iterator at("/proc", ec), end; !ec && at != end; at.increment(ec)) {
    auto const name = at->path().filename().string();
    int pid = 0;
    auto const [rest, bad] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (bad == std::errc() && rest == name.data() + name.size()) found.push_back(pid);
  }
  return found;
}

std::vector<int> children_of(int pid) {
  auto found = all_processes();
  std::erase_if(found, [&](int each) {
    return status_number(each, "PPid") != static_cast<std::size_t>(pid);
  });
  return found;
}

std::vector<int> descendants_of(int pid) {
  auto found = children_of(pid);
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (int const each : children_of(found[i])) found.push_back(each);
  }
  return found;
}

std::string title_of(int pid) { return with_blanks(read_file(about(pid) / "cmdline")); }

std::vector<int> processes_with(std::string const& text) {
  auto found = all_processes();
  std::erase_if(found, [&](int each) {
    return each == ::getpid() ||
           (title_of(each).find(text) == std::string::npos &&
            with_blanks(read_file(about(each) / "environ")).find(text) == std::string::npos);
  });
  return found;
}

std::size_t peak_memory_kilobytes(int pid) { return status_number(pid, "VmHWM"); }

}  // namespace corunner::test
