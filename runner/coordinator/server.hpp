#pragma once

#include "exec/process/process.hpp"
#include "net/blocking_pool.hpp"
#include "net/stream.hpp"
#include "net/time_source.hpp"
#include "runner/coordinator/faults.hpp"
#include "runner/coordinator/observer.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace corunner::pipeline {
struct plan;
}

namespace corunner::coordinator {

struct snapshot;

struct server_options {
  // Traces, artifacts, git repositories and the database; made when missing, mode 0700.
  std::filesystem::path state_dir;
  bool in_memory = false;  // the database lives and dies with the server (`corunner local`)

  std::string bind_host = "127.0.0.1";
  std::uint16_t bind_port = 0;  // 0: a free one
  // How runners and containers reach us: "http://host.docker.internal:8080". Empty: what we are
  // bound to.
  std::string advertised_url;

  std::chrono::milliseconds long_poll{50'000};  // a current job request is held so long; 0: never
  std::chrono::milliseconds acknowledge_time{120'000};  // for a runner to accept an assigned job
  std::chrono::seconds trace_interval{60};           // told to runners; 3 while somebody watches
  std::uint64_t trace_limit = 100u << 20;            // bytes per job, then trace_size_exceeded
  std::uint64_t artifact_limit = 1u << 30;           // bytes per upload
  std::chrono::seconds project_timeout{3600};        // of a job that names none
  bool registration_tokens = true;                   // POST /runners (the legacy way) allowed

  bool test_endpoints = false;  // /api/v4/_test/...: faults, users, settings
};

// A project whose pipelines we run.
struct project_settings {
  std::string path;                      // "group/name"
  std::filesystem::path repository;      // a repository or directory on this machine; may be empty
  std::string default_branch = "main";
};

// A runner made without asking over HTTP.
struct runner_settings {
  std::string description;
  std::vector<std::string> tags;
  bool run_untagged = true;
  std::optional<int> maximum_timeout;
};

struct runner_credentials {
  std::int64_t id = 0;
  std::string token;  // glrt-...
};

// A pipeline that was started, or why there is none.
struct start_outcome {
  std::int64_t id = 0;
  std::string failure;
};

// GitLab, embedded: runners API, job API, artifacts and git over HTTP, on the caller's loop.
//
// Everything is stored before it is answered. Small SQLite transactions run on the loop (WAL,
// synchronous=NORMAL: no fsync on commit), checkpoints, artifacts and git elsewhere: see storage/.
// Use: open(), then spawn run(); stop() ends run() after the exchanges in progress. The observers,
// the pool, the launcher (of git) and the time source must outlive the server.
class server {
 public:
  server(asio::any_io_executor executor, net::time_source& time, net::blocking_pool& pool,
         exec::process_launcher& launcher, server_options options);
  ~server();
  server(server const&) = delete;
  server& operator=(server const&) = delete;

  // Told about what an exchange could not do for a fault of ours (a full disk, a damaged database);
  // the client got a 500.
  std::function<void(std::string const&)> failed;

  // Opens the database and the listener. What is wrong, or nothing.
  std::optional<std::string> open();
  // Serves until stop(). Also drives what time drives: delayed jobs, jobs nobody accepted.
  awaitable<void> run();
  // No new connections, held polls are answered, exchanges end. Safe at any time.
  void stop();

  std::string address() const;  // "127.0.0.1:43123"
  std::string url() const;      // the advertised URL, without a slash at its end
  // The administrator's access token when open() made it (first start), else empty: it is stored
  // hashed.
  std::string const& administrator_token() const;
  std::string const& registration_token() const;  // of the instance; the same rule

  runner_credentials add_runner(runner_settings settings);
  // Makes the project or updates it; its id.
  std::int64_t add_project(project_settings settings);

  // Where the project's snapshots belong (snapshot_options::git_dir).
  std::filesystem::path git_dir(std::int64_t project) const;

  // Stores the plan's jobs, publishes the snapshot's commit for them and lets the first ones run.
  // The plan's source gets its ids and, where empty, the URLs of this server.
  awaitable<start_outcome> start_pipeline(std::int64_t project, pipeline::plan plan, snapshot from);
  void cancel_pipeline(std::int64_t id);
  bool cancel_job(std::int64_t id);
  // Lets a manual or delayed job run. False when it cannot.
  bool play_job(std::int64_t id);
  // A new job in place of an ended one; its id, 0 when it cannot be.
  std::int64_t retry_job(std::int64_t id);

  std::vector<pipeline_view> pipelines() const;             // newest first
  std::optional<pipeline_view> find_pipeline(std::int64_t id) const;
  std::vector<job_view> jobs(std::int64_t pipeline) const;  // in order of id, retried ones too
  // The stored archive or report of a job ("archive", "junit", ...), empty when there is none.
  std::filesystem::path artifact(std::int64_t job, std::string const& type) const;
  std::filesystem::path trace(std::int64_t job) const;
  // Pending jobs that no runner present could take, with the tags that are missing.
  std::vector<job_view> stuck_jobs() const;

  void watch(observer& who);
  void unwatch(observer& who);

  fault_plan& faults();

  struct state;

 private:
  std::unique_ptr<state> state_;
};

}  // namespace corunner::coordinator
