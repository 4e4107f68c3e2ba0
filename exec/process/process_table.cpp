#include "exec/process/process_table.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace corunner::exec {
namespace {

namespace fs = std::filesystem;

std::string stat_of(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool take_number(std::string_view& text, int& into) {
  auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), into);
  if (ec != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(' ')) text.remove_prefix(1);
  return true;
}

}  // namespace

std::vector<int> all_processes() {
  std::vector<int> found;
  std::error_code ec;
  for (fs::directory_iterator at("/proc", ec), end; !ec && at != end; at.increment(ec)) {
    auto const name = at->path().filename().string();
    std::string_view digits = name;
    if (int pid = 0; take_number(digits, pid) && digits.empty()) found.push_back(pid);
  }
  return found;
}

std::optional<process_facts> facts_of(int pid) {
  // "pid (name) state parent group ...": the name may hold anything, so look from its end.
  auto const stat = stat_of(pid);
  auto const name_end = stat.rfind(')');
  if (name_end == std::string::npos || stat.size() < name_end + 4) return std::nullopt;
  auto rest = std::string_view(stat).substr(name_end + 4);
  process_facts facts{.pid = pid};
  if (!take_number(rest, facts.parent) || !take_number(rest, facts.group)) return std::nullopt;
  return facts;
}

std::vector<process_facts> members_of_group(int group) {
  std::vector<process_facts> members;
  for (int const pid : all_processes()) {
    auto const facts = facts_of(pid);
    if (facts && facts->group == group) members.push_back(*facts);
  }
  return members;
}

}  // namespace corunner::exec
