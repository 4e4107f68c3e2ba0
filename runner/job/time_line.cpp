#include "runner/job/time_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace corunner {
namespace {

using namespace std::chrono_literals;

struct named_stage {
  std::string_view stage;
  std::string_view part;
};

// Every other stage is a step of the user's.
constexpr named_stage stage_parts[] = {
    {"resolve_secrets", "prepare"},
    {"prepare_executor", "prepare"},
    {"prepare_script", "prepare"},
    {"get_sources", "git"},
    {"clear_worktree", "git"},
    {"restore_cache", "cache"},
    {"archive_cache", "cache"},
    {"archive_cache_on_failure", "cache"},
    {"download_artifacts", "download"},
    {"upload_artifacts_on_success", "upload"},
    {"upload_artifacts_on_failure", "upload"},
    {"cleanup_file_variables", "clean-up"},
};

// In the order in which a job comes to them.
constexpr std::string_view parts[] = {"prepare", "git",    "cache",   "download",
                                      "script",  "upload", "clean-up"};

constexpr int bar_width = 44;

std::string_view part_of(std::string_view stage) {
  auto const found = std::ranges::find(stage_parts, stage, &named_stage::stage);
  return found == std::end(stage_parts) ? "script" : found->part;
}

// "0.42 s", "3 m 07 s", "2 h 05 m": never longer than ten columns.
std::string text_of(time_line::duration took) {
  auto const seconds = std::chrono::duration<double>(took).count();
  constexpr double longest_in_seconds = 59.995;  // what is not rounded up to a minute
  if (seconds < longest_in_seconds) return fmt::format("{:.2f} s", seconds);
  auto const whole = std::chrono::round<std::chrono::seconds>(took).count();
  if (whole < 3600) return fmt::format("{} m {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} m", std::min<long>(whole / 3600, 999), whole / 60 % 60);
}

std::string line_of(std::string_view part, time_line::duration took, std::string const& bar) {
  auto line = fmt::format("  {:<9}{:>10}  {}", part, text_of(took), bar);
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

void time_line::add(std::string_view stage, time_point began, time_point ended) {
  if (ended - began >= 1ms) spans_.push_back({part_of(stage), began, ended});
}

std::string time_line::bar_of(std::string_view part) const {
  auto const whole_began = std::ranges::min(spans_, {}, &span::began).began;
  auto const whole_ended = std::ranges::max(spans_, {}, &span::ended).ended;
  auto const column = [&](time_point at) {
    auto const share =
        std::chrono::duration<double>(at - whole_began) / (whole_ended - whole_began);
    return std::clamp(static_cast<int>(share * bar_width), 0, bar_width - 1);
  };
  std::string bar(bar_width, ' ');
  for (auto const& one : spans_) {
    if (one.part != part) continue;
    auto const first = column(one.began);
    // What ends where a column begins does not reach into it.
    auto const last = std::max(first, column(one.ended - 1ns));
    std::fill(bar.begin() + first, bar.begin() + last + 1, '#');
  }
  return bar;
}

std::vector<std::string> time_line::table(duration queued) const {
  if (spans_.empty()) return {};
  std::vector<std::string> lines{"Where the time went:"};
  // On a scale of its own: hours in a queue would leave nothing to see of the job.
  if (queued > duration::zero()) lines.push_back(line_of("queue", queued, ""));
  for (auto const part : parts) {
    duration sum{};
    for (auto const& one : spans_) {
      if (one.part == part) sum += one.ended - one.began;
    }
    if (sum > duration::zero()) lines.push_back(line_of(part, sum, bar_of(part)));
  }
  return lines;
}

}  // namespace corunner
