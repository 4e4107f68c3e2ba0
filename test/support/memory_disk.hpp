#pragma once

#include "net/asio.hpp"
#include "net/time_source.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corunner::test {

// What a loss of power took.
struct power_loss {
  std::set<std::string> damaged;  // names of files that are not what was written to them
  std::size_t files_lost = 0;     // with their names
  std::size_t files_back = 0;     // that had been removed
  std::size_t torn = 0;           // files that are shorter now
  std::size_t holes = 0;          // files with zeros for bytes that were lost
  bool out_of_order = false;      // something newer was kept, of another file, than what was lost
};

// A disk in memory: files by name, which outlive the storages that use it.
//
// What is written stands in a cache, where processes see it and which their death does not touch.
// It reaches the platters by sync(), or by itself once it is `written_back_after` old; the rest a
// loss of power takes in part, each file for itself.
class memory_disk {
 public:
  static constexpr auto written_back_after = std::chrono::seconds(35);

  // Without time nothing gets old.
  explicit memory_disk(net::time_source const* time = nullptr) : time_(time) {}
  memory_disk(std::initializer_list<std::pair<std::string, std::string>> files);

  // No room: of every write a part is taken at most.
  bool full = false;
  // Nor can a file be made.
  bool refuses_files = false;
  // How often it had to say so.
  std::size_t refused_writes = 0;
  std::size_t refused_files = 0;

  bool empty() const;
  // Those that begin with `prefix`, without it.
  std::vector<std::string> names(std::string const& prefix) const;
  std::optional<std::string_view> content(std::string const& name) const;
  std::string const& machine_start() const { return machine_start_; }

  // Without effect when it is there.
  error_code make(std::string const& name);
  error_code write(std::string const& name, std::uint64_t offset, std::string_view bytes);
  void cut(std::string const& name, std::uint64_t size);
  void remove(std::string const& name);
  // The bytes of these files, and which files there are below `prefix`.
  void sync(std::string const& prefix, std::vector<std::string> const& names);

  // `below` gives a random number below its argument, which is more than 0.
  power_loss lose_power(std::function<std::uint64_t(std::uint64_t)> const& below);

 private:
  using time_point = net::time_source::time_point;
  struct change {
    time_point when;
    std::uint64_t offset;
    std::string bytes;
    bool cut = false;  // the file ends there
  };
  struct file {
    bool exists = true;
    std::string content;
    // On the platters:
    bool entered = false;
    std::string durable;
    std::vector<change> pending;      // since then
    std::optional<time_point> named;  // made or removed since then
  };
  // What became of one file's pending changes.
  struct remainder {
    std::string content;
    std::optional<time_point> newest_kept;
    std::optional<time_point> oldest_lost;
    bool hole = false;
  };

  time_point now() const { return time_ ? time_->now() : time_point(); }
  void write_back(file& what) const;
  static void apply(std::string& to, change const& what, std::size_t length);
  static remainder keep_some(file const& what,
                             std::function<std::uint64_t(std::uint64_t)> const& below);

  net::time_source const* time_;
  std::map<std::string, file> files_;
  int starts_ = 1;
  std::string machine_start_ = "start 1";
};

}  // namespace corunner::test
