#pragma once

#include "exec/process/missed_signal.hpp"
#include "exec/process/process.hpp"
#include "exec/process/spawn.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace corunner::exec {

// Which processes the launcher started and has not reaped, and which groups may have strays.
//
// A leader is kept as a zombie while its group has members: as long as it stands in the process
// table nobody else can get its number, so that the group can be signalled safely.
class process_registry {
 public:
  ~process_registry() { reap_abandoned(); }

  void started(int pid, std::string const& mark);
  // The owner of a process that has ended lets go: it is reaped now, or when its strays are gone.
  void ended(int pid, std::string const& mark);
  // The owner lets go of a process that was killed but has not ended yet.
  void abandoned(int pid, std::string const& mark);

  bool is_ours(int pid) const { return ours_.contains(pid); }
  bool is_group_of(std::string const& mark, int group) const;
  // Reaps leaders that were kept for the groups of a mark.
  void forget_groups(std::string const& mark);
  void reap_abandoned();

  // Memory for one read, shared by all pumps: a quiet pipe holds none.
  static constexpr std::size_t buffer_size = 64 * 1024;
  std::unique_ptr<char[]> take_buffer();
  void give_back(std::unique_ptr<char[]> buffer);

 private:
  bool has_members(int group) const;
  void release(int pid, std::string const& mark);

  struct leader {
    int pid;
    bool kept;  // its owner is gone
  };
  std::set<int> ours_;
  std::map<std::string, std::vector<leader>> groups_;
  std::vector<int> abandoned_;
  std::vector<std::unique_ptr<char[]>> buffers_;
};

// A child of ours: two pipes and a pidfd on the loop.
class posix_process final : public process {
 public:
  posix_process(asio::any_io_executor executor, spawned child, std::string mark,
                std::shared_ptr<process_registry> registry);
  ~posix_process() override;

  int pid() const override { return pid_; }
  awaitable<error_code> pump(channel which, output_sink& output) override;
  void stop_pumping() override;
  awaitable<result<exit_status>> wait() override;
  error_code signal_group(int signal) override;
  error_code signal_alone(int signal) override;
  void terminate_newcomers() override;

 private:
  int pid_;
  bool leads_group_;
  std::string mark_;
  std::shared_ptr<process_registry> registry_;
  asio::posix::stream_descriptor out_;
  asio::posix::stream_descriptor err_;
  asio::posix::stream_descriptor end_;
  missed_signal missed_;
  bool ended_ = false;
  bool stopping_ = false;
};

}  // namespace corunner::exec
