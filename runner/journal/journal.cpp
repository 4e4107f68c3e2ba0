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

}  // namespace

job_journal job_journal::found(journal_storage& storage, std::string name) {
  job_journal out(storage, std::move(name));
  out.unwritten_ = "\n";
  return out;
}

result<std::unique_ptr<spool>> job_journal::open_log() { return storage_->open_spool(log_name()); }

result<std::uint64_t> job_journal::log_size() { return storage_->size(log_name()); }

// What was not written may be there in part: an empty line before it ends that part.
void job_journal::append(std::string const& line) {
  unwritten_ += line;
  error_code const failed = storage_->append(record_name(), unwritten_);
  if (!failed) return unwritten_.clear();
  if (!unwritten_.starts_with('\n')) unwritten_.insert(0, "\n");
  if (!trouble_) trouble_ = failed;
}

// The next one tells more: of these none needs to be written later.
void job_journal::acknowledged(std::uint64_t bytes, log_mark const& log) {
  auto const before = unwritten_.size();
  append(acknowledged_line(bytes, log));
  if (!unwritten_.empty()) unwritten_.resize(std::max<std::size_t>(before, 1));
}

awaitable<void> job_journal::sync(net::blocking_pool& pool) {
  // The record tells what the log must be.
  std::vector<std::string> names{log_name(), record_name()};
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
    : own_(std::move(own)), left_(std::move(left)), machine_start_(own_->machine_start()) {
  find_jobs(*own_);
  for (auto const& each : left_) find_jobs(*each);
}

// Whatever belongs to no record is removed.
void journal::find_jobs(journal_storage& from) {
  auto const names = from.names();
  std::set<std::string> jobs;
  for (auto const& name : names) {
    if (!name.ends_with(record_ending)) continue;
    auto const text = from.read(name);
    auto record = text ? read_record(*text) : std::nullopt;
    if (!record) {
      ++unreadable_;
      continue;
    }
    auto const job = without(record_ending, name);
    jobs.insert(job);
    bool const restarted = machine_start_.empty() || record->machine_start != machine_start_;
    found_.push_back({job_journal::found(from, job), std::move(*record), restarted});
  }
  for (auto const& name : names) {
    auto const ending = name.ends_with(log_ending) ? log_ending : record_ending;
    if (!name.ends_with(ending) || !jobs.contains(without(ending, name))) from.remove(name);
  }
}

job_journal journal::add(std::int64_t job_id) {
  return {*own_, fmt::format("{}-{}", job_id, next_++)};
}

std::vector<interrupted_job> journal::take_interrupted() { return std::exchange(found_, {}); }

}  // namespace corunner
