#pragma once

#include "net/time_source.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// Where the time of a job went, for the end of its log: one line for each part (queue, prepare,
// git, cache, download, script, upload, clean-up), with how long it took and when that was.
//
// A part is all stages of its kind: the cache is restored before the script and saved after it.
// Stages in which nothing ran (below a millisecond) are left out.
class time_line {
 public:
  using time_point = net::time_source::time_point;
  using duration = net::time_source::duration;

  void add(std::string_view stage, time_point began, time_point ended);

  // At most `width` columns wide, aligned, without colours. Empty when no stage ran.
  // `queued`: how long the job waited at the server; 0: not known, or not at all.
  std::vector<std::string> table(duration queued) const;

  static constexpr std::size_t width = 72;

 private:
  struct span {
    std::string_view part;
    time_point began;
    time_point ended;
  };
  std::string bar_of(std::string_view part) const;

  std::vector<span> spans_;
};

}  // namespace corunner
