#include "runner/artifact/artifacts_downloader.hpp"

#include "runner/command/artifact_flags.hpp"
#include "runner/command/commands.hpp"

namespace corunner {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

// Called by the scripts of jobs (helper.md 3 and 8).
class artifacts_downloader_command final : public command {
 public:
  explicit artifacts_downloader_command(services& all) : all_(all), who_(options_.credentials) {}

  std::vector<flag> flags() override {
    auto all = who_.flags();
    for (auto const& each : std::vector<flag>{
             {"retry", &options_.retry, "How often to try again", ""},
             {"retry-time", &retry_time_, "How long to wait before that", ""},
             meter_flag(meter_frequency_),
             outage_flag(outage_timeout_),
             {"direct-download", &options_.direct_download,
              "Let GitLab send us to where the archive is kept", "FF_USE_DIRECT_DOWNLOAD"},
             {"archiver-staging-dir", &options_.staging_directory,
              "Where the archive is kept until it is unpacked", "ARCHIVER_STAGING_DIR"},
         }) {
      all.push_back(each);
    }
    return all;
  }

  awaitable<int> run(std::vector<std::string>) override {
    who_.finish();
    options_.retry_time = duration_cast<milliseconds>(retry_time_);
    options_.outage_timeout = duration_cast<milliseconds>(outage_timeout_);
    options_.meter_frequency = duration_cast<milliseconds>(meter_frequency_);
    artifact_world world(all_);
    co_return co_await download_artifacts(world.context(), options_);
  }

 private:
  services& all_;
  artifacts_downloader_options options_;
  credential_flags who_;
  config::duration retry_time_ = options_.retry_time;
  config::duration outage_timeout_{0};
  config::duration meter_frequency_ = options_.meter_frequency;
};

}  // namespace

std::unique_ptr<command> make_artifacts_downloader(services& all) {
  return std::make_unique<artifacts_downloader_command>(all);
}

}  // namespace corunner
