#pragma once

#include "runner/coordinator/storage/job_table.hpp"
#include "runner/pipeline/pipeline.hpp"
#include "runner/pipeline/processing.hpp"

#include <map>
#include <memory>
#include <string>
#include <unordered_map>

namespace corunner::coordinator {

// A plan whose jobs are found by name.
struct known_plan {
  explicit known_plan(pipeline::plan what);

  pipeline::plan plan;
  std::unordered_map<std::string, std::size_t> places;

  pipeline::job_definition const& job(std::string const& name) const;
  // The row as processing sees it.
  pipeline::job_state state(job_record const& row) const;
  std::vector<pipeline::job_state> states(std::vector<job_record> const& rows) const;
};

// Plans of the newest pipelines (64 at most); others are read from the database when somebody asks.
class plan_cache {
 public:
  explicit plan_cache(job_table& jobs) : jobs_(jobs) {}

  std::shared_ptr<known_plan const> of(std::int64_t pipeline);
  void keep(std::int64_t pipeline, pipeline::plan plan);
  void forget(std::int64_t pipeline) { plans_.erase(pipeline); }

 private:
  void remember(std::int64_t pipeline, std::shared_ptr<known_plan const> plan);

  job_table& jobs_;
  std::map<std::int64_t, std::shared_ptr<known_plan const>> plans_;
};

}  // namespace corunner::coordinator
