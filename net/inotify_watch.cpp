// file_watch on Linux: inotify on every place of the file's trail, and on the file itself, which is
// what shows a change made through another mount (a bind-mounted file).

#include "net/file_trail.hpp"
#include "net/file_watch.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <optional>
#include <set>

namespace corunner::net {

namespace {

constexpr std::uint32_t directory_events = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
                                           IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
constexpr std::uint32_t file_events = IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB;

class inotify_watch final : public file_watch {
 public:
  inotify_watch(asio::any_io_executor executor, time_source& time, std::filesystem::path file,
                options how)
      : time_(time), file_(std::move(file)), how_(std::move(how)), kernel_(std::move(executor)) {
    seen_ = stamp_of(file_);
    arm();
  }

  awaitable<error_code> changed() override {
    while (!first_) {
      auto const look = time_.now() + (aided_ ? how_.look : how_.look_unaided);
      if (auto const ec = co_await wait_until(look)) co_return ec;
      if (take_events() || stamp_of(file_) != seen_) note();
      if (!aided_) arm();
    }
    while (time_.now() < settled_at()) {
      if (auto const ec = co_await wait_until(settled_at())) co_return ec;
      if (!take_events()) continue;
      note();
      if (trail_of(file_) != trail_) arm();
    }
    // Watched anew before the reader looks: what happens after its look is seen.
    arm();
    seen_ = stamp_of(file_);
    first_.reset();
    written_ = false;
    co_return error_code();
  }

 private:
  void note() {
    last_ = time_.now();
    if (!first_) first_ = last_;
  }

  time_source::time_point settled_at() const {
    if (written_) return *first_ + how_.while_written;
    return std::min(last_ + how_.settle, *first_ + how_.at_most);
  }

  // Until the kernel has something to say, or `when`.
  awaitable<error_code> wait_until(time_source::time_point when) {
    using namespace asio::experimental::awaitable_operators;
    if (!kernel_.is_open()) co_return co_await time_.sleep_until(when);
    auto const first = co_await (readable() || time_.sleep_until(when));
    co_return first.index() == 0 ? std::get<0>(first) : std::get<1>(first);
  }

  awaitable<error_code> readable() {
    auto [ec] = co_await kernel_.async_wait(asio::posix::stream_descriptor::wait_read,
                                            asio::as_tuple(asio::use_awaitable));
    co_return ec;
  }

  // Reads all there is; true when something of it concerns the file.
  bool take_events() {
    if (!kernel_.is_open()) return false;
    alignas(inotify_event) std::array<char, 4096> buffer;
    bool ours = false;
    while (true) {
      auto const got = ::read(kernel_.native_handle(), buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return ours;
      for (char const* at = buffer.data(); at < buffer.data() + got;) {
        auto const* const event = reinterpret_cast<inotify_event const*>(at);
        if (concerns_file(*event)) ours = true;
        at += sizeof(inotify_event) + event->len;
      }
    }
  }

  bool concerns_file(inotify_event const& event) {
    if (event.mask & IN_Q_OVERFLOW) return true;
    if (event.mask & IN_IGNORED) return false;
    if (event.wd == file_watch_) {
      if (event.mask & IN_MODIFY) written_ = true;
      if (event.mask & IN_CLOSE_WRITE) written_ = false;
      return true;
    }
    if (event.mask & (IN_DELETE_SELF | IN_MOVE_SELF)) return true;
    auto const found = names_.find(event.wd);
    return found != names_.end() && event.len > 0 && found->second.contains(event.name);
  }

  // Watches the places that the path leads over now, and no others.
  void arm() {
    trail_ = trail_of(file_);
    names_.clear();
    file_watch_ = -1;
    error_code ignored;
    kernel_.close(ignored);
    aided_ = true;
    int const made = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (made < 0) return unaided(errno);
    kernel_.assign(made, ignored);
    for (auto const& place : trail_.places) {
      int const id = ::inotify_add_watch(made, place.directory.c_str(), directory_events);
      if (id < 0) return unaided(errno);
      names_[id].insert(place.name);
    }
    if (trail_.file.empty()) return;
    file_watch_ = ::inotify_add_watch(made, trail_.file.c_str(), file_events);
    if (file_watch_ < 0) return unaided(errno);
  }

  void unaided(int why) {
    aided_ = false;
    // The place went away just now; the next look finds where it leads then.
    if (why == ENOENT || why == ENOTDIR) return;
    if (std::exchange(warned_, true) || !how_.warn) return;
    how_.warn(std::strerror(why));
  }

  time_source& time_;
  std::filesystem::path file_;
  options how_;
  asio::posix::stream_descriptor kernel_;
  file_trail trail_;
  std::map<int, std::set<std::string, std::less<>>> names_;  // that count, by watch
  int file_watch_ = -1;
  bool aided_ = false;   // the kernel tells of every change
  bool warned_ = false;
  file_stamp seen_;
  std::optional<time_source::time_point> first_;  // of the changes that were not reported yet
  time_source::time_point last_;
  bool written_ = false;  // and not closed yet
};

}  // namespace

std::unique_ptr<file_watch> watch_file(asio::any_io_executor executor, time_source& time,
                                       std::filesystem::path file, file_watch::options how) {
  return std::make_unique<inotify_watch>(std::move(executor), time, std::move(file),
                                         std::move(how));
}

}  // namespace corunner::net
