#include "exec/process/strays.hpp"

#include "exec/process/process_table.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace corunner::exec {
namespace {

namespace fs = std::filesystem;

std::string contents(fs::path const& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void append_numbers(std::string_view text, std::vector<int>& into) {
  char const* at = text.data();
  char const* const end = at + text.size();
  while (at != end) {
    int number = 0;
    auto const [next, ec] = std::from_chars(at, end, number);
    if (ec == std::errc()) into.push_back(number);
    at = next == at ? at + 1 : next;
  }
}

// Without CONFIG_PROC_CHILDREN: every process is asked for its parent.
std::vector<int> children_by_scan() {
  std::vector<int> found;
  for (int const pid : all_processes()) {
    auto const facts = facts_of(pid);
    if (facts && facts->parent == ::getpid()) found.push_back(pid);
  }
  return found;
}

// Every entry between two zero bytes.
std::string environment_of(int pid) {
  auto environment = contents("/proc/" + std::to_string(pid) + "/environ");
  environment.insert(environment.begin(), '\0');
  environment += '\0';
  return environment;
}

}  // namespace

void become_reaper() { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }

std::vector<int> children_of_ours() {
  std::vector<int> found;
  std::error_code ec;
  // Each thread has children of its own; orphans go to the first.
  for (fs::directory_iterator at("/proc/self/task", ec), end; !ec && at != end; at.increment(ec)) {
    auto const file = at->path() / "children";
    if (!fs::exists(file, ec)) return children_by_scan();
    append_numbers(contents(file), found);
  }
  return found;
}

std::vector<int> processes_with(std::string_view name, std::string_view value) {
  std::vector<int> found;
  for (int const pid : all_processes()) {
    if (has_in_environment(pid, name, value)) found.push_back(pid);
  }
  return found;
}

bool has_in_environment(int pid, std::string_view name, std::string_view value) {
  std::string wanted(1, '\0');
  wanted.append(name).append("=").append(value).append(1, '\0');
  return environment_of(pid).find(wanted) != std::string::npos;
}

bool has_in_environment(int pid, std::string_view name) {
  std::string wanted(1, '\0');
  wanted.append(name).append("=");
  return environment_of(pid).find(wanted) != std::string::npos;
}

bool reap(int pid) {
  while (true) {
    auto const reaped = ::waitpid(pid, nullptr, WNOHANG);
    if (reaped == -1 && errno == EINTR) continue;
    return reaped != 0;  // an error says that it is no child of ours (any more)
  }
}

}  // namespace corunner::exec
