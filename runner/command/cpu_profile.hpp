#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace corunner {

// Samples where this process spends its CPU time, from start() to the end of the object
// (--cpuprofile).
//
// The file is what `pprof PROGRAM FILE` reads, in the format of gperftools: words of eight bytes
// (header 0 3 0 PERIOD 0; then per sample its count, its depth and the addresses, innermost first;
// 0 1 0 at the end), then /proc/self/maps. Samples are written as they are taken, so memory stays
// as it is. A process that is killed leaves a file without an end. At most one object of a process
// has been started.
class cpu_profile {
 public:
  cpu_profile() = default;
  ~cpu_profile();
  cpu_profile(cpu_profile const&) = delete;
  cpu_profile& operator=(cpu_profile const&) = delete;

  // The failure says why there is no file. Makes a file that is there anew.
  std::optional<std::string> start(std::filesystem::path const& file);

 private:
  bool started_ = false;
};

}  // namespace corunner
