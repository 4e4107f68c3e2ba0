#pragma once

#include "net/blocking_pool.hpp"
#include "runner/journal/job_record.hpp"
#include "runner/journal/storage.hpp"
#include "runner/trace/log_source.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace corunner {

// One job in the journal: its record and its log. Destroying the object changes nothing on the disk:
// what was not forgotten is found by the next start.
//
// Everything is in the page cache when a call returns, so it survives the death of our process.
// Against the loss of power the kernel's own writing, within half a minute, is enough for a job that
// runs; sync() is for one whose end has to wait for its delivery. A record that cannot be written
// (full disk) does not stop the job; trouble() tells.
class job_journal {
 public:
  job_journal(journal_storage& storage, std::string name)
      : storage_(&storage), name_(std::move(name)) {}

  result<std::unique_ptr<spool>> open_log();
  result<std::uint64_t> log_size();

  void began(job_record const& job) { append(began_line(job)); }
  void accepted() { append(accepted_line()); }
  void creates(exec::leftover const& what) { append(created_line(what)); }
  void acknowledged(std::uint64_t bytes) { append(acknowledged_line(bytes)); }
  void ended(job_end const& how) { append(ended_line(how)); }
  awaitable<void> sync(net::blocking_pool& pool);
  // The server knows the end, or will never want to.
  void forget();

  error_code trouble() const { return trouble_; }

 private:
  void append(std::string_view line);
  std::string record_name() const { return name_ + ".job"; }
  std::string log_name() const { return name_ + ".log"; }

  journal_storage* storage_;
  std::string name_;
  error_code trouble_;  // the first one
};

// A job that was found in the journal at our start.
struct interrupted_job {
  job_journal journal;
  job_record record;
};

// The jobs of this process, and those that dead ones left.
class journal {
 public:
  // `left`: storages of dead processes. `own` may be the only one, with jobs of an earlier life in it.
  explicit journal(std::unique_ptr<journal_storage> own,
                   std::vector<std::unique_ptr<journal_storage>> left = {});

  // A place for a job that was taken now.
  job_journal add(std::int64_t job_id);

  // The jobs that were found at the start, each once. What cannot be read is removed.
  std::vector<interrupted_job> take_interrupted();

 private:
  std::unique_ptr<journal_storage> own_;
  std::vector<std::unique_ptr<journal_storage>> left_;
  std::vector<interrupted_job> found_;
  std::uint64_t next_ = 0;
};

}  // namespace corunner
