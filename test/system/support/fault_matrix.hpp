#pragma once

#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/http_peer.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace corunner::test {

// What goes wrong, and in which call of a job's life: one row of the matrix, one job.
struct fault_row {
  std::string call;
  std::string fault;
  // Of the job; a fault in a download meets its maker, whose archive it is.
  std::string job() const { return call + "-" + fault; }
  std::string victim() const { return call == "download" ? "maker-" + fault : job(); }
};

// All of them, in the order of the table.
std::vector<fault_row> fault_rows();

// A pipeline of a job for each row, a GitLab that plays its fault in its call, and one `corunner
// run` that takes all jobs at once, so that the whole takes as long as the slowest row.
//
// Wrong answers are the coordinator's own (--faults); for refused connections a row has a gateway
// of its own before it, which goes away when the call comes.
class fault_matrix {
 public:
  explicit fault_matrix(world& in);

  // Until every job has ended or `limit` has passed.
  void run(std::chrono::seconds limit);
  // The table: what GitLab knows of each job afterwards.
  std::string outcome();
  // How long each row took in seconds, for a person to read.
  std::string times() const;
  child& runner() { return *runner_; }

 private:
  // A gateway that is away for a while once the call has come.
  struct absence {
    explicit absence(event_loop& loop) : between(loop) {}
    gateway between;
    int calls = 0;
    bool leaves = false;
    std::optional<net::time_source::time_point> back;
  };

  std::string entry_for(fault_row const& row, std::string const& url);
  void order(fault_row const& row, std::string const& runner_token);
  void start_runner();
  void keep_absences();
  bool all_ended();
  std::string line(fault_row const& row);
  std::string log_of(job_facts const& job);
  std::string meetings(fault_row const& row);

  world& world_;
  std::optional<gitlab_program> gitlab_;
  std::map<std::string, std::unique_ptr<absence>> absences_;  // by job
  std::map<std::string, std::string> tokens_;                 // of the entries of single rows
  std::optional<child> runner_;
  std::map<std::string, job_facts> jobs_;
  std::map<std::string, double> ended_after_;
  std::map<std::string, std::size_t> places_;  // of a row's fault among those of the coordinator
  std::size_t ordered_ = 0;
  boost::json::value faults_;                  // what became of them
  net::time_source::time_point began_;
  net::time_source::time_point looked_{};
};

}  // namespace corunner::test
