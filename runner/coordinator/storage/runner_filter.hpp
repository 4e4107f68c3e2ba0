#pragma once

#include "runner/coordinator/storage/database.hpp"
#include "runner/coordinator/storage/records.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::coordinator {

// Which runners a list has: all that is set must hold (runners-api.md 4.1).
struct runner_filter {
  std::optional<std::vector<std::int64_t>> among;  // ids
  bool or_instance = false;                        // `among`, and every instance runner
  std::optional<std::string> type;
  std::optional<bool> instance;  // instance runners, or all others
  std::optional<bool> active;
  std::vector<std::string> tags;               // has all of them
  std::optional<std::string> version;          // components that a manager's version begins with
  maybe_time contacted_after;                  // last contact later than this
  maybe_time contacted_until;                  // there was a contact, and none since this
  bool never_contacted = false;
  maybe_time stale_since;                      // neither made nor heard of after this
  bool nothing = false;                        // wishes that contradict each other
};

std::int64_t count_runners(database& db, runner_filter const& wanted);
// Their ids, ascending.
std::vector<std::int64_t> find_runners(database& db, runner_filter const& wanted,
                                       std::int64_t limit, std::int64_t offset);

}  // namespace corunner::coordinator
