#include "runner/artifact/artifacts_uploader.hpp"

#include "runner/command/artifact_flags.hpp"
#include "runner/command/commands.hpp"

namespace corunner {
namespace {

using std::chrono::ceil;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

// Called by the scripts of jobs (helper.md 3 and 6).
class artifacts_uploader_command final : public command {
 public:
  explicit artifacts_uploader_command(services& all) : all_(all), who_(options_.credentials) {}

  std::vector<flag> flags() override {
    auto all = who_.flags();
    auto selection = selection_flags(options_.paths, options_.excludes, options_.untracked,
                                     options_.verbose);
    selection.push_back(meter_flag(meter_frequency_));
    for (auto const& each : {selection, provenance_flags(), upload_flags()}) {
      all.insert(all.end(), each.begin(), each.end());
    }
    return all;
  }

  awaitable<int> run(std::vector<std::string>) override {
    who_.finish();
    options_.timeout = ceil<milliseconds>(timeout_);
    options_.response_header_timeout = ceil<milliseconds>(header_timeout_);
    options_.outage_timeout = duration_cast<milliseconds>(outage_timeout_);
    options_.meter_frequency = duration_cast<milliseconds>(meter_frequency_);
    artifact_world world(all_);
    co_return co_await upload_artifacts(world.context(), options_);
  }

 private:
  std::vector<flag> provenance_flags() {
    auto& how = options_.provenance;
    return {
        {"generate-artifacts-metadata", &how.generate, "Add a statement of provenance", ""},
        {"runner-id", &how.runner_id, "For the statement: the runner's ID", ""},
        {"repo-url", &how.repo_url, "For the statement: where the source is", ""},
        {"repo-digest", &how.repo_digest, "For the statement: the commit", ""},
        {"job-name", &how.job_name, "For the statement: the job's name", ""},
        {"executor-name", &how.executor_name, "For the statement: the executor", ""},
        {"runner-name", &how.runner_name, "For the statement: the runner's name", ""},
        {"metadata-parameter", &how.parameters,
         "For the statement: a variable's name; may be repeated", ""},
        {"started-at", &how.started_at, "For the statement: when the job began", ""},
        {"ended-at", &how.ended_at, "For the statement: when the job ended", ""},
        {"schema-version", &how.schema_version, "Version of the statement's schema", ""},
    };
  }

  std::vector<flag> upload_flags() {
    return {
        {"name", &options_.name, "Name of the archive", ""},
        {"expire-in", &options_.expire_in, "How long GitLab shall keep it", ""},
        {"artifact-format", &options_.format, "Format: zip, gzip, raw, zipzstd, tarzstd", ""},
        {"artifact-type", &options_.type, "Type: archive, junit, ...", ""},
        {"compression-level", &options_.compression_level,
         "Compression level (fastest, fast, default, slow, slowest)", "ARTIFACT_COMPRESSION_LEVEL"},
        {"timeout", &timeout_, "How long one upload may take", ""},
        {"response-header-timeout", &header_timeout_, "How long to wait for the answer to it", ""},
        outage_flag(outage_timeout_),
        {"ci-debug-trace", &options_.debug_trace, "Log what the server answers", "CI_DEBUG_TRACE"},
    };
  }

  services& all_;
  artifacts_uploader_options options_;
  credential_flags who_;
  config::duration timeout_ = options_.timeout;
  config::duration header_timeout_ = options_.response_header_timeout;
  config::duration outage_timeout_{0};
  config::duration meter_frequency_ = options_.meter_frequency;
};

}  // namespace

std::unique_ptr<command> make_artifacts_uploader(services& all) {
  return std::make_unique<artifacts_uploader_command>(all);
}

}  // namespace corunner
