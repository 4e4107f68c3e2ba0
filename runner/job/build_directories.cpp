#include "runner/job/build_directories.hpp"

#include <algorithm>
#include <utility>

namespace corunner {
namespace {

bool is_within(std::string const& inner, std::string const& outer) {
  return inner == outer || inner.starts_with(outer == "/" ? outer : outer + "/");
}

// What a job has to itself: the directory and the temporary one beside it.
bool overlap(std::string const& one, std::string const& other) {
  return is_within(one, other) || is_within(other, one) || is_within(one, other + ".tmp") ||
         is_within(other, one + ".tmp");
}

}  // namespace

build_directories::lease::lease(lease&& other) noexcept
    : from_(std::exchange(other.from_, nullptr)), what_(other.what_) {}

build_directories::lease::~lease() {
  if (!from_) return;
  what_->freed->set();
  from_->places_.erase(what_);
}

build_directories::obstacle build_directories::in_the_way_of(std::string const& path) const {
  auto const found = std::ranges::find_if(
      places_, [&path](place const& one) { return overlap(one.path, path); });
  if (found == places_.end()) return {};
  return {found->job, found->freed};
}

build_directories::lease build_directories::take(std::string path, std::int64_t job) {
  places_.push_back({std::move(path), job, std::make_shared<net::event>(executor_)});
  return {*this, std::prev(places_.end())};
}

}  // namespace corunner
