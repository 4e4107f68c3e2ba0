#pragma once

#include "runner/coordinator/storage/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::coordinator {

// Which jobs of a runner a list has, and from where on (runners-api.md 4.2).
struct job_filter {
  std::int64_t runner = 0;
  std::optional<std::string> status;
  std::optional<std::int64_t> manager;
  std::optional<std::vector<std::int64_t>> projects;  // in these alone
  std::optional<std::int64_t> before;                 // ids smaller than this
  bool newest_first = false;                          // else ascending ids
};

std::int64_t count_jobs(database& db, job_filter const& wanted);
std::vector<std::int64_t> find_jobs(database& db, job_filter const& wanted, std::int64_t limit,
                                    std::int64_t offset);

}  // namespace corunner::coordinator
