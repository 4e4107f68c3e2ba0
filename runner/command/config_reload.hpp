#pragma once

#include "config/atomic_file.hpp"
#include "config/config.hpp"
#include "config/failure.hpp"
#include "net/event.hpp"
#include "net/file_watch.hpp"
#include "runner/command/config_access.hpp"
#include "runner/command/services.hpp"
#include "runner/manager/manager.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace corunner {

// How the running configuration stands to its file.
struct config_standing {
  std::uint64_t loads = 0;   // that succeeded, the first at the start
  std::uint64_t errors = 0;  // that failed in reading, decoding or checking
  net::time_source::wall_time loaded_at;
  // Set while the file is not what runs: what is wrong with it, and since when we know.
  std::string trouble;
  net::time_source::wall_time trouble_since;
};

// Global keys that differ, in the order of the reference page.
std::vector<std::string> changed_keys(config::configuration const& before,
                                      config::configuration const& after);

// Takes config.toml over while `run` is at work, when it changes and when it is asked to.
//
// A file that cannot be used leaves the running configuration as it is: it is said once per
// content, counted, and tried again when it changes. The same holds for a file that is missing or
// empty, as one is while it is being replaced. Content that runs already is nothing new, but ends
// pauses after failures. Everything is checked before anything is switched. Wire: config.md 7,
// protocol.md 7.6.
class config_reload {
 public:
  struct options {
    std::filesystem::path file;
    bool strict = false;
    // Other parts that follow the configuration, told after the manager.
    std::function<void(config::configuration const&)> also;
  };

  // `running` is what the manager was made with; its runner entries are not needed.
  config_reload(services& all, manager& jobs, options how, config::configuration running,
                std::size_t fingerprint);

  // Until it is cancelled.
  awaitable<void> run();
  // As SIGHUP asks: reads the file now and reports also what has not changed.
  void now();
  // Reads the file now because we have just written it.
  void look_now() { (void)look(false, true); }

  config_standing const& standing() const { return standing_; }

 private:
  // True when the file may be in the middle of being written, which is not said before a second
  // look.
  bool look(bool asked, bool second);
  void judge(config::outcome<config::file_text> const& text, bool asked);
  void refuse(std::string why, std::size_t fingerprint, bool asked, bool counts);
  void already_running(bool asked);
  void take(config::configuration next, std::size_t fingerprint);
  void report(std::vector<std::string> const& keys, reconfigured const& entries) const;

  services& all_;
  manager& jobs_;
  options how_;
  config::configuration running_;
  std::size_t fingerprint_;
  std::optional<std::size_t> refused_;  // the content that was refused last
  config_standing standing_;
  net::event asked_;
};

}  // namespace corunner
