#include "runner/command/local_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace corunner {

namespace {

// Readable on dark and light grounds; red stays for failures.
constexpr std::array<std::string_view, 6> name_styles{"36", "33", "35", "34", "32", "96"};
constexpr std::size_t widest_name = 32;

std::string_view style_of(std::string_view name, std::vector<std::string> const& names) {
  auto const at = std::find(names.begin(), names.end(), name) - names.begin();
  return name_styles[static_cast<std::size_t>(at) % name_styles.size()];
}

}  // namespace

local_view::local_view(asio::any_io_executor executor, terminal const& screen, options how)
    : screen_(screen), how_(std::move(how)), ended_(std::move(executor)) {
  for (auto const& name : how_.names) width_ = std::max(width_, name.size());
  width_ = std::min(width_, widest_name);
}

std::string local_view::prefix(std::string const& name) const {
  if (!how_.only.empty()) return {};
  auto const shown = fmt::format("{:<{}.{}}", name, width_, width_);
  return screen_.styled(style_of(name, how_.names), shown) + " | ";
}

void local_view::say(std::string const& name, std::string_view text) const {
  if (!how_.only.empty()) return;
  screen_.write(prefix(name) + screen_.styled("2", text) + "\n");
}

void local_view::job_changed(coordinator::job_view const& job) {
  auto const known = jobs_.find(job.id);
  if (job.status == "running" && known == jobs_.end()) {
    if (!how_.only.empty() && job.name != how_.only) return;
    jobs_.emplace(job.id, shown_job{job.name, live_log({.prefix = prefix(job.name),
                                                        .colours = screen_.colours()})});
    return;
  }
  bool const over = job.status == "success" || job.status == "failed" || job.status == "canceled";
  if (over && known != jobs_.end()) {
    screen_.write(known->second.log.finish());
    jobs_.erase(known);
  }
  if (job.retried && job.status == "failed") say(job.name, "failed, runs again");
}

void local_view::trace_appended(std::int64_t job, std::uint64_t, std::string_view bytes) {
  auto const shown = jobs_.find(job);
  if (shown != jobs_.end()) screen_.write(shown->second.log.feed(bytes));
}

void local_view::pipeline_changed(coordinator::pipeline_view const& pipeline) {
  if (pipeline.finished() || pipeline.blocked()) ended_.set();
}

}  // namespace corunner
