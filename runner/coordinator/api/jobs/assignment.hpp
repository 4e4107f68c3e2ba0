#pragma once

#include "runner/coordinator/storage/records.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>

namespace corunner::coordinator {

struct context;

// What a search for a job found: its payload as JSON text, or nothing.
struct assignment {
  std::int64_t job = 0;
  std::string payload;
  bool incomplete = false;  // somebody was faster, or there were too many to look at: answer 409
};

// Finds the first job that the runner may take, checks it, and hands it over (runners-api.md 5.2 to
// 5.4). A job that cannot run fails here, and the search goes on.
assignment find_job(context& in, runner_record const& runner, manager_record const& manager);

}  // namespace corunner::coordinator
