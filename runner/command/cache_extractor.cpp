#include "runner/cache/cache_extractor.hpp"

#include "runner/command/artifact_flags.hpp"
#include "runner/command/cache_flags.hpp"
#include "runner/command/commands.hpp"

namespace corunner {
namespace {

// Called by the scripts of jobs (helper.md 3 and 9.5).
class cache_extractor_command final : public command {
 public:
  explicit cache_extractor_command(services& all) : all_(all), transfer_(options_.transfer) {}

  std::vector<flag> flags() override {
    auto all = transfer_.flags();
    for (auto const& each : std::vector<flag>{
             {"file", &options_.file, "The archive", ""},
             {"url", &options_.url, "Presigned URL to GET the archive from", ""},
             {"head-url", &options_.head_url, "The same for HEAD", ""},
             {"gocloud-url", &options_.gocloud_url, "Go Cloud URL of the archive", ""},
             {"alternate-url", &options_.alternate_url,
              "Presigned URL of the same cache under another key, taken when it is younger", ""},
             {"alternate-head-url", &options_.alternate_head_url, "The same for HEAD", ""},
             {"alternate-gocloud-url", &options_.alternate_gocloud_url,
              "Go Cloud URL of the same cache under another key", ""},
         }) {
      all.push_back(each);
    }
    return all;
  }

  awaitable<int> run(std::vector<std::string>) override {
    transfer_.finish();
    artifact_world world(all_);
    co_return co_await extract_cache(world.context(), options_);
  }

 private:
  services& all_;
  cache_extractor_options options_;
  cache_transfer_flags transfer_;
};

}  // namespace

std::unique_ptr<command> make_cache_extractor(services& all) {
  return std::make_unique<cache_extractor_command>(all);
}

}  // namespace corunner
