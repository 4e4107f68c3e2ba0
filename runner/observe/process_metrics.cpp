#include "runner/observe/process_metrics.hpp"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

namespace corunner {

namespace {

// What all of this is read from is the kernel.
struct no_source {};

std::string read_all(char const* file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Fields of the stat file by their number in proc(5), from 3 on (what stands before may hold
// blanks).
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
    if (started && line.starts_with("btime ")) {
      return std::stod(line.substr(6)) + *started / ticks();
    }
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

// Of this network namespace, from a pair of lines of netstat: names, then values.
std::optional<double> network_bytes(std::string_view name) {
  std::istringstream lines(read_all("/proc/self/net/netstat"));
  for (std::string names, values; std::getline(lines, names) && std::getline(lines, values);) {
    if (!names.starts_with("IpExt:")) continue;
    std::istringstream keys(names), numbers(values);
    for (std::string key, number; keys >> key && numbers >> number;) {
      if (key == name) return std::stod(number);
    }
  }
  return std::nullopt;
}

std::optional<double> received_bytes() { return network_bytes("InOctets"); }
std::optional<double> sent_bytes() { return network_bytes("OutOctets"); }
std::optional<double> threads() { return process_stat()[20]; }
std::optional<double> most_files() { return soft_limit(RLIMIT_NOFILE); }
std::optional<double> most_memory() { return soft_limit(RLIMIT_AS); }

template <std::optional<double> (*Value)()>
void read(no_source const&, metric_samples& into) {
  if (auto const now = Value()) into.add(*now);
}

#ifdef __GLIBC__
void read_allocator(no_source const&, metric_samples& into) {
  auto const heap = ::mallinfo2();
  into.add(static_cast<double>(heap.uordblks + heap.hblkhd), {{"kind", "in_use"}});
  into.add(static_cast<double>(heap.arena + heap.hblkhd), {{"kind", "mapped"}});
  into.add(static_cast<double>(heap.fordblks), {{"kind", "free"}});
}
#endif

using enum metric_type;
constexpr metric_row<no_source> rows[] = {
#ifdef __GLIBC__
    {"corunner_allocator_bytes", gauge, "Memory of the allocator, in bytes.", read_allocator},
#endif
    {"corunner_threads", gauge, "Threads of the process.", read<threads>},
    {"process_cpu_seconds_total", counter, "Processor time used, in seconds.", read<cpu_seconds>},
    {"process_max_fds", gauge, "Files that may be open.", read<most_files>},
    {"process_network_receive_bytes_total", counter,
     "Bytes received in the network namespace of the process.", read<received_bytes>},
    {"process_network_transmit_bytes_total", counter,
     "Bytes sent in the network namespace of the process.", read<sent_bytes>},
    {"process_open_fds", gauge, "Files that are open.", read<open_files>},
    {"process_resident_memory_bytes", gauge, "Memory in use, in bytes.", read<resident_bytes>},
    {"process_start_time_seconds", gauge, "Start, in seconds since 1970.", read<start_seconds>},
    {"process_virtual_memory_bytes", gauge, "Address space in use, in bytes.", read<virtual_bytes>},
    {"process_virtual_memory_max_bytes", gauge, "Address space that may be used, in bytes.",
     read<most_memory>},
};

constexpr no_source nothing;

}  // namespace

void add_process_metrics(metrics& into) { into.add(rows, nothing); }

}  // namespace corunner
