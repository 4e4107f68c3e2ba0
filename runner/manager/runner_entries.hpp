#pragma once

#include "runner/manager/manager.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace corunner {

// One [[runners]] entry at work.
struct manager::entry {
  std::shared_ptr<config::runner_entry const> runner;
  std::shared_ptr<gitlab::api_client> api;
  bool has_executor = true;  // one of that name exists
  // Of each request under way, by its number.
  std::map<std::uint64_t, net::event> give_up;
};

// Numbers of the configuration with their defaults in place.
unsigned slots_of(config::configuration const& from);
net::time_source::duration check_interval_of(config::configuration const& from);
poll_plan::entry_settings settings_of(config::runner_entry const& from);

// Which entry of a new list is which of the old one: the same url and token, of several such in
// order. Every place of both lists stands in exactly one of the three.
struct entry_matches {
  std::vector<std::pair<std::size_t, std::size_t>> kept;  // old place, new place
  std::vector<std::size_t> added;                         // new places
  std::vector<std::size_t> removed;                       // old places
};
entry_matches match_entries(std::vector<config::runner_entry const*> const& before,
                            std::vector<config::runner_entry> const& after);

// Whether both say the same, key by key.
bool same_settings(config::runner_entry const& one, config::runner_entry const& other);

}  // namespace corunner
