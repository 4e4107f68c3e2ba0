#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::coordinator {

// Milliseconds since 1970, as stored.
using milliseconds_since_epoch = std::int64_t;
using maybe_time = std::optional<milliseconds_since_epoch>;

struct user_record {
  std::int64_t id = 0;
  std::string username;
  std::string name;
  std::string email;
  bool administrator = false;
  milliseconds_since_epoch created_at = 0;
  bool auditor = false;  // reads everything, changes nothing
};

// What a member may do in a group or project, as GitLab counts it. A group's level holds for all
// below it.
enum class role : std::int64_t {
  none = 0,
  guest = 10,
  reporter = 20,
  developer = 30,
  maintainer = 40,
  owner = 50
};

struct access_token_record {
  std::int64_t user_id = 0;
  std::string scopes;  // separated by spaces
  maybe_time expires_at;
  bool revoked = false;
};

struct project_record {
  std::int64_t id = 0;
  std::string path;
  std::int64_t group_id = 0;
  std::string repository;
  std::string default_branch;
  milliseconds_since_epoch created_at = 0;
  bool instance_runners = true;  // may take its jobs
  bool group_runners = true;

  std::string name() const { return path.substr(path.rfind('/') + 1); }
};

// A group or project as far as making runners in it goes.
struct runner_policy {
  bool registration_allowed = true;         // by registration token
  std::optional<std::int64_t> lifetime;     // of runner tokens, in milliseconds
};

struct runner_record {
  std::int64_t id = 0;
  std::string uuid;
  std::string type = "instance_type";
  std::string token_hash;
  maybe_time token_expires_at;
  std::optional<std::string> description;
  std::optional<std::string> name;
  bool active = true;
  bool locked = false;
  bool run_untagged = true;
  std::vector<std::string> tags;
  std::string access_level = "not_protected";
  std::optional<std::int64_t> maximum_timeout;
  std::optional<std::string> maintenance_note;
  std::string registration_type = "authenticated_user";
  std::string creation_state = "started";
  maybe_time contacted_at;
  milliseconds_since_epoch created_at = 0;
  std::optional<std::int64_t> creator_id;
  std::optional<std::int64_t> group_id;
  milliseconds_since_epoch updated_at = 0;  // its settings; a contact does not count
};

struct manager_record {
  std::int64_t id = 0;
  std::int64_t runner_id = 0;
  std::string system_id;
  std::optional<std::string> version;
  std::optional<std::string> revision;
  std::optional<std::string> platform;
  std::optional<std::string> architecture;
  std::optional<std::string> executor;
  std::string features = "{}";  // JSON object of booleans
  std::string config = "{}";    // JSON: what it told of `gpus`
  std::string labels = "{}";    // JSON object
  std::string ip_address;
  milliseconds_since_epoch created_at = 0;
  maybe_time contacted_at;
};

struct pipeline_record {
  std::int64_t id = 0;
  std::int64_t iid = 0;
  std::int64_t project_id = 0;
  std::string status = "created";
  std::string source;
  std::string ref;
  bool tag = false;
  std::string sha;
  std::string before_sha;
  std::string git_dir;
  milliseconds_since_epoch created_at = 0;
  milliseconds_since_epoch updated_at = 0;
  maybe_time started_at;
  maybe_time finished_at;
};

struct job_record {
  std::int64_t id = 0;
  std::int64_t pipeline_id = 0;
  std::int64_t project_id = 0;
  std::string name;
  std::string stage;
  std::string status = "created";
  std::string failure_reason;
  std::optional<std::int64_t> exit_code;
  bool allow_failure = false;
  bool retried = false;
  std::optional<std::int64_t> runner_id;
  std::optional<std::int64_t> manager_id;
  std::optional<std::string> token_hash;
  maybe_time acknowledge_by;  // set while it waits for the runner to accept it
  std::optional<std::string> resource_group;
  milliseconds_since_epoch created_at = 0;
  maybe_time queued_at;
  maybe_time scheduled_at;
  maybe_time started_at;
  maybe_time finished_at;
  maybe_time erased_at;
  std::int64_t trace_size = 0;
  std::int64_t trace_crc32 = 0;
  std::optional<std::int64_t> trace_intact;
  bool debug_trace = false;
  std::string manual_variables = "[]";

  bool waiting_for_acknowledgement() const {
    return status == "pending" && acknowledge_by.has_value();
  }
  // Whether its token opens anything (runners-api.md section 3).
  bool token_valid() const {
    return status == "running" || status == "canceling" || waiting_for_acknowledgement();
  }
  bool ended() const {
    return status == "success" || status == "failed" || status == "canceled" || status == "skipped";
  }
};

struct artifact_record {
  std::int64_t id = 0;
  std::int64_t job_id = 0;
  std::string type;
  std::string format;
  std::string filename;
  std::string path;  // below the state directory
  std::int64_t size = 0;
  std::string sha256;
  milliseconds_since_epoch created_at = 0;
  maybe_time expire_at;
};

struct job_variable_record {
  std::string key;
  std::string value;
  std::string source;
};

}  // namespace corunner::coordinator
