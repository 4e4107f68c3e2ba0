#include "runner/observe/metrics.hpp"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>

namespace corunner {

namespace {

std::string read_all(char const* file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Fields of the stat file by their number in proc(5), from 3 on (what stands before may hold blanks).
class process_stat {
 public:
  process_stat() {
    auto const text = read_all("/proc/self/stat");
    auto const end_of_name = text.rfind(')');
    if (end_of_name == std::string::npos) return;
    std::istringstream rest(text.substr(end_of_name + 1));
    std::string field;
    for (std::size_t i = 0; i < fields_.size() && rest >> field; ++i) fields_[i] = field;
  }

  std::optional<double> operator[](std::size_t number) const {
    auto const& field = fields_.at(number - 3);
    if (field.empty()) return std::nullopt;
    return std::stod(field);
  }

 private:
  std::array<std::string, 22> fields_;
};

double ticks() { return static_cast<double>(::sysconf(_SC_CLK_TCK)); }

std::optional<double> cpu_seconds() {
  process_stat const stat;
  auto const user = stat[14];
  auto const system = stat[15];
  if (!user || !system) return std::nullopt;
  return (*user + *system) / ticks();
}

std::optional<double> resident_bytes() {
  auto const pages = process_stat()[24];
  if (!pages) return std::nullopt;
  return *pages * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

std::optional<double> virtual_bytes() { return process_stat()[23]; }

// In seconds since 1970. Boot time stands in a line of its own.
std::optional<double> start_seconds() {
  auto const started = process_stat()[22];
  std::istringstream lines(read_all("/proc/stat"));
  for (std::string line; std::getline(lines, line);) {
    if (started && line.starts_with("btime ")) return std::stod(line.substr(6)) + *started / ticks();
  }
  return std::nullopt;
}

std::optional<double> open_files() {
  DIR* const directory = ::opendir("/proc/self/fd");
  if (!directory) return std::nullopt;
  int count = 0;
  while (auto const* const each = ::readdir(directory)) count += each->d_name[0] != '.';
  ::closedir(directory);
  return count - 1;  // the directory's own
}

std::optional<double> soft_limit(decltype(RLIMIT_NOFILE) what) {
  rlimit limit{};
  if (::getrlimit(what, &limit) != 0) return std::nullopt;
  return static_cast<double>(limit.rlim_cur);  // unlimited is the largest number
}

metric row(std::string name, metric_type type, std::string help,
           std::function<std::optional<double>()> value) {
  return {std::move(name), type, std::move(help), [value = std::move(value)](metric_samples& into) {
            if (auto const now = value()) into.add(*now);
          }};
}

}  // namespace

std::vector<metric> process_metrics() {
  using enum metric_type;
  return {
      row("process_cpu_seconds_total", counter, "Processor time used, in seconds.", cpu_seconds),
      row("process_max_fds", gauge, "Files that may be open.",
          [] { return soft_limit(RLIMIT_NOFILE); }),
      row("process_open_fds", gauge, "Files that are open.", open_files),
      row("process_resident_memory_bytes", gauge, "Memory in use, in bytes.", resident_bytes),
      row("process_start_time_seconds", gauge, "Start, in seconds since 1970.", start_seconds),
      row("process_virtual_memory_bytes", gauge, "Address space in use, in bytes.", virtual_bytes),
      row("process_virtual_memory_max_bytes", gauge, "Address space that may be used, in bytes.",
          [] { return soft_limit(RLIMIT_AS); }),
  };
}

}  // namespace corunner
