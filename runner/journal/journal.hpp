#pragma once

#include "net/blocking_pool.hpp"
#include "runner/journal/job_record.hpp"
#include "runner/journal/storage.hpp"
#include "runner/trace/log_source.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace corunner {

// One job in the journal: its record and its log. Destroying the object changes nothing on the
// disk: what was not forgotten is found by the next start.
//
// When our process dies nothing is lost: everything is in the page cache when a call returns. The
// next start delivers a job that was done as it ended, any other as a system failure, with its
// whole log.
//
// When the machine loses its power, what the kernel had not yet written (by itself it does within
// half a minute) may be lost; sync() is for a job whose end has to wait for its delivery. For a job
// of which
// - nothing was lost, or its end was synced: the same as above;
// - the end was lost: it is a system failure, though it may have succeeded;
// - the last part of the log was lost, also where the end was kept: the log is cut where it stops
// being
//   what the job wrote (see recovered_log) and a line says so. What the server had of it stays;
// - the record's beginning was lost: nobody knows the job, its log is removed, and the server ends
// it
//   when it has heard nothing of it for long enough (GitLab: an hour). The same when it is not
//   known that we accepted the job and the server gives it out again meanwhile (two minutes);
// - the removal was undone: it is offered to the server once more, which refuses.
//
// A line that cannot be written (full disk) does not stop the job: it is written again with the
// next one. trouble() tells of the first time. Should we die before, that line is as if lost with
// power.
class job_journal {
 public:
  job_journal(journal_storage& storage, std::string name)
      : storage_(&storage), name_(std::move(name)) {}
  // One whose record is there, and may end in the middle of a line.
  static job_journal found(journal_storage& storage, std::string name);

  result<std::unique_ptr<spool>> open_log();
  // How many bytes of the log there are; not_found when there is no log.
  result<std::uint64_t> log_size();

  void began(job_record const& job) { append(began_line(job)); }
  void accepted() { append(accepted_line()); }
  void creates(exec::leftover const& what) { append(created_line(what)); }
  // These with what the log is now.
  void acknowledged(std::uint64_t bytes, log_mark const& log);
  void ended(job_end const& how, log_mark const& log) { append(ended_line(how, log)); }
  void recovered(job_record const& job, log_mark const& log) { append(recovered_line(job, log)); }
  awaitable<void> sync(net::blocking_pool& pool);
  // The server knows the end, or will never want to.
  void forget();

  error_code trouble() const { return trouble_; }

 private:
  void append(std::string const& line);
  std::string record_name() const { return name_ + ".job"; }
  std::string log_name() const { return name_ + ".log"; }

  journal_storage* storage_;
  std::string name_;
  std::string unwritten_;  // lines that there was no room for
  error_code trouble_;     // the first one
};

// A job that was found in the journal at our start.
struct interrupted_job {
  job_journal journal;
  job_record record;
  bool other_machine_start;  // what it wrote may have been lost
};

// The jobs of this process, and those that dead ones left.
class journal {
 public:
  // `left`: storages of dead processes. `own` may be the only one, with jobs of an earlier life in
  // it.
  explicit journal(std::unique_ptr<journal_storage> own,
                   std::vector<std::unique_ptr<journal_storage>> left = {});

  // A place for a job that was taken now.
  job_journal add(std::int64_t job_id);

  // The jobs that were found at the start, each once. What cannot be read is removed.
  std::vector<interrupted_job> take_interrupted();
  // Records that were found and could not be read, so that their jobs are unknown.
  std::size_t unreadable() const { return unreadable_; }
  // journal_storage::machine_start(), for new records.
  std::string const& machine_start() const { return machine_start_; }

 private:
  void find_jobs(journal_storage& from);

  std::unique_ptr<journal_storage> own_;
  std::vector<std::unique_ptr<journal_storage>> left_;
  std::string machine_start_;
  std::vector<interrupted_job> found_;
  std::size_t unreadable_ = 0;
  std::uint64_t next_ = 0;
};

}  // namespace corunner
