#include "exec/process/posix_process.hpp"

#include "exec/process/strays.hpp"

#include <boost/asio/as_tuple.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string_view>
#include <utility>

namespace corunner::exec {
namespace {

// Reads before the loop gets its turn, so that one loud process does not starve the others.
constexpr int reads_per_turn = 4;
// What is read after stop_pumping(): more than a pipe holds, so that nothing is lost, but bounded.
constexpr std::size_t last_bytes = 256 * 1024;

// A read buffer of the registry for as long as there is something to read.
class borrowed_buffer {
 public:
  explicit borrowed_buffer(process_registry& owner) : owner_(owner), memory_(owner.take_buffer()) {}
  ~borrowed_buffer() { owner_.give_back(std::move(memory_)); }
  borrowed_buffer(borrowed_buffer const&) = delete;
  borrowed_buffer& operator=(borrowed_buffer const&) = delete;
  char* data() { return memory_.get(); }

 private:
  process_registry& owner_;
  std::unique_ptr<char[]> memory_;
};

exit_status decode(siginfo_t const& info) {
  exit_status how;
  if (info.si_code == CLD_EXITED) {
    how.exit_code = info.si_status;
  } else {
    how.signal = info.si_status;
    how.core_dumped = info.si_code == CLD_DUMPED;
  }
  return how;
}

}  // namespace

posix_process::posix_process(asio::any_io_executor executor, spawned child, std::string mark,
                             std::shared_ptr<process_registry> registry)
    : pid_(child.pid),
      leads_group_(child.leads_group),
      mark_(std::move(mark)),
      registry_(std::move(registry)),
      out_(executor),
      err_(executor),
      end_(executor, child.end.release()) {
  if (child.out) out_.assign(child.out.release());
  if (child.err) err_.assign(child.err.release());
  registry_->started(pid_, mark_);
}

posix_process::~posix_process() {
  if (ended_) {
    registry_->ended(pid_, mark_);
    return;
  }
  signal_group(SIGKILL);
  registry_->abandoned(pid_, mark_);
}

awaitable<error_code> posix_process::pump(channel which, output_sink& output) {
  auto& pipe = which == channel::out ? out_ : err_;
  std::size_t left = last_bytes;
  while (true) {
    if (!stopping_) {
      auto const [ec] = co_await pipe.async_wait(asio::posix::stream_descriptor::wait_read,
                                                 asio::as_tuple(asio::use_awaitable));
      if (ec && !stopping_) co_return ec;
    }
    borrowed_buffer buffer(*registry_);
    for (int turn = 0; turn != reads_per_turn; ++turn) {
      auto const got = ::read(pipe.native_handle(), buffer.data(), process_registry::buffer_size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0 && errno == EAGAIN) {
        if (stopping_) co_return error_code();
        break;
      }
      if (got < 0) co_return error_code(errno, boost::system::system_category());
      if (got == 0) co_return error_code();
      auto const bytes = static_cast<std::size_t>(got);
      co_await output.write(which, std::string_view(buffer.data(), bytes));
      if (!stopping_) continue;
      if (bytes >= left) co_return error_code();
      left -= bytes;
    }
  }
}

void posix_process::stop_pumping() {
  stopping_ = true;
  error_code ignored;
  out_.cancel(ignored);
  err_.cancel(ignored);
}

awaitable<result<exit_status>> posix_process::wait() {
  auto const [ec] = co_await end_.async_wait(asio::posix::stream_descriptor::wait_read,
                                             asio::as_tuple(asio::use_awaitable));
  if (ec) co_return ec;
  // Looked at, not taken: the zombie keeps the number of the group ours.
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
    if (errno != EINTR) co_return error_code(errno, boost::system::system_category());
  }
  ended_ = true;
  co_return decode(info);
}

error_code posix_process::signal_group(int signal) {
  if (signal == SIGTERM && leads_group_) missed_.look(members_of_group(pid_));
  if (::kill(leads_group_ ? -pid_ : pid_, signal) == 0) return {};
  return {errno, boost::system::system_category()};
}

error_code posix_process::signal_alone(int signal) {
  if (::kill(pid_, signal) == 0) return {};
  return {errno, boost::system::system_category()};
}

void posix_process::terminate_newcomers() {
  if (!leads_group_) return;
  for (int const pid : missed_.newcomers(members_of_group(pid_))) terminate_member(pid, pid_);
}

}  // namespace corunner::exec
