#include "runner/command/artifact_flags.hpp"

#include "runner/gitlab/runner_info.hpp"

#include <cstdio>
#include <filesystem>

namespace corunner {
namespace {

void print_to(std::FILE* where, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), where);
  std::fflush(where);
}

}  // namespace

std::vector<flag> credential_flags::flags() {
  return {
      {"id", &into_.job_id, "ID of the job whose artifacts these are", "CI_JOB_ID"},
      {"token", &into_.token, "Token of that job", "CI_JOB_TOKEN"},
      {"url", &into_.url, "GitLab instance URL", "CI_SERVER_URL"},
      {"tls-ca-file", &ca_file_, "File with the certificates that HTTPS peers are checked against",
       "CI_SERVER_TLS_CA_FILE"},
      {"tls-cert-file", &certificate_file_, "File with our certificate for HTTPS",
       "CI_SERVER_TLS_CERT_FILE"},
      {"tls-key-file", &key_file_, "File with the key of that certificate",
       "CI_SERVER_TLS_KEY_FILE"},
  };
}

void credential_flags::finish(std::filesystem::path const& certificates) {
  into_.tls.ca_file = ca_file_;
  into_.tls.certificate_file = certificate_file_;
  into_.tls.key_file = key_file_;
  into_.tls = gitlab::tls_files(into_.url, std::move(into_.tls), certificates);
}

std::vector<flag> selection_flags(std::vector<std::string>& paths,
                                  std::vector<std::string>& excludes, bool& untracked,
                                  bool& verbose) {
  return {
      {"path", &paths, "Path or glob to take; may be repeated", ""},
      {"exclude", &excludes, "Path or glob not to take; may be repeated", ""},
      {"untracked", &untracked, "Take what git does not track", ""},
      {"verbose", &verbose, "Accepted, without effect", ""},
  };
}

flag meter_flag(config::duration& into) {
  return {"transfer-meter-frequency", &into,
          "How often to show the progress of the transfer; 0s: never", "TRANSFER_METER_FREQUENCY"};
}

flag outage_flag(config::duration& into) {
  return {"outage-timeout", &into,
          "How long to go on while GitLab is away; 0s: the number of tries alone decides",
          "CORUNNER_OUTAGE_TIMEOUT"};
}

artifact_world::artifact_world(services& all)
    : pool_(processor_count()),
      processes_(all.io.get_executor(), all.time),
      context_{all.connections,
               all.time,
               pool_,
               processes_,
               all.log,
               all.variables,
               std::filesystem::current_path().string(),
               gitlab::user_agent(),
               [](std::string_view text) { print_to(stdout, text); },
               [](std::string_view text) { print_to(stderr, text); }} {}

}  // namespace corunner
