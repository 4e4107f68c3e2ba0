#pragma once

#include "runner/coordinator/storage/database.hpp"
#include "runner/coordinator/storage/records.hpp"

#include <map>

namespace corunner::coordinator {

// Pipelines and their jobs. A job's definition is a part of its pipeline's plan, found by name.
class job_table {
 public:
  explicit job_table(database& db) : db_(db) {}

  // Stores a new pipeline with the plan as JSON text; sets id and iid.
  void add(pipeline_record& pipeline);
  void set_plan(std::int64_t id, std::string const& plan);
  void update(pipeline_record const& pipeline);
  std::optional<pipeline_record> find_pipeline(std::int64_t id);
  std::string plan(std::int64_t pipeline);
  std::vector<pipeline_record> pipelines();  // newest first
  std::vector<pipeline_record> pipelines_of(std::int64_t project);

  void add(job_record& job);  // sets its id
  void add_need(std::int64_t job, std::string const& name, bool artifacts);
  void update(job_record const& job);
  std::optional<job_record> find(std::int64_t id);
  std::optional<job_record> find_by_token_hash(std::string const& hash);
  std::vector<job_record> of_pipeline(std::int64_t pipeline);  // ascending id, retried ones too
  // Whether the runner, or that manager of it, executes a job now.
  bool executes(std::int64_t runner, std::optional<std::int64_t> manager = {});
  std::vector<job_record> with_status(std::string const& status);  // ascending id
  // How many jobs of each project instance runners execute now.
  std::map<std::int64_t, int> running_on_instance_runners();

  // Takes a pending job that nobody has; false when somebody was faster.
  bool assign(job_record const& job);

  // Variables that a job made for later ones (dotenv reports).
  void set_variable(std::int64_t job, job_variable_record const& variable);
  std::vector<job_variable_record> variables(std::int64_t job);

 private:
  database& db_;
};

}  // namespace corunner::coordinator
