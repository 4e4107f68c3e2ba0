#include "runner/journal/journal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace corunner {

namespace {

constexpr std::string_view record_ending = ".job";
constexpr std::string_view log_ending = ".log";

std::string without(std::string_view ending, std::string const& name) {
  return name.substr(0, name.size() - ending.size());
}

// Reads the records of `from` into `found`; whatever belongs to none of them is removed.
void find_jobs(journal_storage& from, std::vector<interrupted_job>& found) {
  auto const names = from.names();
  std::set<std::string> jobs;
  for (auto const& name : names) {
    if (!name.ends_with(record_ending)) continue;
    auto const text = from.read(name);
    auto record = text ? read_record(*text) : std::nullopt;
    if (!record) continue;
    auto const job = without(record_ending, name);
    jobs.insert(job);
    found.push_back({job_journal(from, job), std::move(*record)});
  }
  for (auto const& name : names) {
    auto const ending = name.ends_with(log_ending) ? log_ending : record_ending;
    if (!name.ends_with(ending) || !jobs.contains(without(ending, name))) from.remove(name);
  }
}

}  // namespace

result<std::unique_ptr<spool>> job_journal::open_log() { return storage_->open_spool(log_name()); }

result<std::uint64_t> job_journal::log_size() { return storage_->size(log_name()); }

void job_journal::append(std::string_view line) {
  if (error_code const failed = storage_->append(record_name(), line); failed && !trouble_) {
    trouble_ = failed;
  }
}

awaitable<void> job_journal::sync(net::blocking_pool& pool) {
  std::vector<std::string> names{record_name(), log_name()};
  auto work = [storage = storage_, names = std::move(names)] { return storage->sync(names); };
  error_code const failed = co_await net::on_pool(pool, std::move(work));
  if (failed && !trouble_) trouble_ = failed;
}

// The record first: a log without one belongs to no job.
void job_journal::forget() {
  storage_->remove(record_name());
  storage_->remove(log_name());
}

journal::journal(std::unique_ptr<journal_storage> own,
                 std::vector<std::unique_ptr<journal_storage>> left)
    : own_(std::move(own)), left_(std::move(left)) {
  find_jobs(*own_, found_);
  for (auto const& each : left_) find_jobs(*each, found_);
}

job_journal journal::add(std::int64_t job_id) {
  return {*own_, fmt::format("{}-{}", job_id, next_++)};
}

std::vector<interrupted_job> journal::take_interrupted() { return std::exchange(found_, {}); }

}  // namespace corunner
