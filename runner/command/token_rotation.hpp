#pragma once

#include "net/back_off.hpp"
#include "net/event.hpp"
#include "runner/command/config_reload.hpp"
#include "runner/command/runner_calls.hpp"
#include "runner/command/services.hpp"
#include "runner/manager/manager.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace corunner {

// When the token of an entry is to be renewed: at three quarters of its life; nothing when it never
// expires. One whose issue is not known is due at once.
std::optional<net::time_source::wall_time> renewal_due(config::runner_entry const& of);

// Renews the tokens of runner entries before they expire, while `run` is at work.
//
// The server gives a new token and forgets the old one, so the manager goes on with the new one at
// once and the file is saved; a file that cannot be saved then is tried again until it can, one
// that cannot be written is said before the server is asked. A server that refuses is asked less
// and less often. An entry with FF_DISABLE_AUTOMATIC_TOKEN_ROTATION is warned of once. Wire: POST
// runners/reset_authentication_token, protocol.md 2.4.
class token_rotation {
 public:
  struct options {
    std::filesystem::path file;
    std::string system_id;
  };

  token_rotation(services& all, manager& jobs, config_reload& reload, options how);

  // Until it is cancelled; a renewal that has begun is brought to its end first.
  awaitable<void> run();
  // The configuration has changed.
  void look_again() { changed_.set(); }

  // How often the file was written, and could not be.
  struct saves {
    std::uint64_t done = 0;
    std::uint64_t failed = 0;
  };
  saves const& saved() const { return saved_; }

 private:
  struct trouble {
    net::back_off pauses;
    net::time_source::wall_time not_before;
  };
  struct due_entry {
    config::runner_entry entry;
    net::time_source::wall_time when;
  };

  std::optional<due_entry> first_due() const;
  awaitable<bool> wait_until(std::optional<net::time_source::wall_time> when);
  awaitable<void> renew(config::runner_entry entry);
  void warn_instead(config::runner_entry const& entry);
  void ask_later(secret const& token);
  bool can_save() const;
  void save_all();
  std::optional<config::failure> save(renewed_token const& what) const;

  services& all_;
  manager& jobs_;
  config_reload& reload_;
  options how_;
  runner_calls calls_;
  net::event changed_;
  std::map<std::string, trouble> troubles_;  // by token
  std::set<std::string> warned_;             // tokens
  saves saved_;
  std::vector<renewed_token> unsaved_;  // what the server has done and the file does not say yet
};

}  // namespace corunner
