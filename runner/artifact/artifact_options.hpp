#pragma once

#include "config/secret.hpp"
#include "net/dialer.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace corunner {

// Where the job's artifacts live and who asks: --url, --token, --id, --tls-*.
struct artifact_credentials {
  std::string url;
  secret token;
  std::int64_t job_id = 0;
  net::tls_options tls;
};

// --generate-artifacts-metadata and its company (helper.md 7.3).
struct provenance_options {
  bool generate = false;
  std::int64_t runner_id = 0;
  std::string repo_url;
  std::string repo_digest;
  std::string job_name;
  std::string executor_name;
  std::string runner_name;
  std::vector<std::string> parameters;
  std::string started_at;  // RFC 3339
  std::string ended_at;
  std::string schema_version;
};

// Everything that `artifacts-uploader` can be told (helper.md 6).
struct artifacts_uploader_options {
  artifact_credentials credentials;
  std::vector<std::string> paths;     // expanded like words of a shell, see expand_word
  std::vector<std::string> excludes;  // likewise
  bool untracked = false;
  bool verbose = false;               // accepted and, as in GitLab's, without effect
  std::string name = "artifacts";
  std::string expire_in;
  std::string format;
  std::string type;
  std::string compression_level;
  std::chrono::milliseconds timeout{3'600'000};
  std::chrono::milliseconds response_header_timeout{600'000};
  std::chrono::milliseconds meter_frequency{0};  // 0: no meter
  std::chrono::milliseconds outage_timeout{0};  // how long to go on while the server is away
  bool debug_trace = false;
  provenance_options provenance;
};

// Everything that `artifacts-downloader` can be told (helper.md 8).
struct artifacts_downloader_options {
  artifact_credentials credentials;
  std::int64_t retry = 2;
  std::chrono::milliseconds retry_time{1'000};
  std::chrono::milliseconds meter_frequency{0};
  std::chrono::milliseconds outage_timeout{0};  // how long to go on while the server is away
  bool direct_download = false;
  std::string staging_directory;  // empty: the system's for temporary files
};

}  // namespace corunner
