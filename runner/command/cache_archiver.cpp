#include "runner/cache/cache_archiver.hpp"

#include "runner/cache/metadata.hpp"
#include "runner/command/artifact_flags.hpp"
#include "runner/command/cache_flags.hpp"
#include "runner/command/commands.hpp"

namespace corunner {
namespace {

// Called by the scripts of jobs (helper.md 3 and 9.4).
class cache_archiver_command final : public command {
 public:
  explicit cache_archiver_command(services& all) : all_(all), transfer_(options_.transfer) {}

  std::vector<flag> flags() override {
    auto all = transfer_.flags();
    auto const selection = selection_flags(options_.paths, options_.excludes, options_.untracked,
                                           options_.verbose);
    for (auto const& each : {selection, archive_flags(), store_flags()}) {
      all.insert(all.end(), each.begin(), each.end());
    }
    return all;
  }

  awaitable<int> run(std::vector<std::string>) override {
    transfer_.finish();
    artifact_world world(all_);
    co_return co_await archive_cache(world.context(), options_);
  }

 private:
  std::vector<flag> archive_flags() {
    return {
        {"file", &options_.file, "The archive", ""},
        {"alternate-file", &options_.alternate_file,
         "Where the same cache was kept under another key: renamed when the archive is not there",
         ""},
        {"compression-level", &options_.compression_level,
         "Compression level (fastest, fast, default, slow, slowest)", "CACHE_COMPRESSION_LEVEL"},
        {"compression-format", &options_.compression_format, "Format: zip, tarzstd, zipzstd",
         "CACHE_COMPRESSION_FORMAT"},
        {"metadata",
         {},
         "What is kept beside the archive: a JSON object of texts",
         "CACHE_METADATA",
         "value",
         [this](std::string_view text) { return take_metadata(text); }},
    };
  }

  std::vector<flag> store_flags() {
    return {
        {"url", &options_.url, "Presigned URL to PUT the archive to", ""},
        {"check-url", &options_.check_url, "Presigned URL to HEAD whether it is there", ""},
        {"gocloud-url", &options_.gocloud_url, "Go Cloud URL of the archive", ""},
        {"header", &options_.headers, "Header for the PUT, 'Name: value'; may be repeated", ""},
        {"max-uploaded-archive-size", &options_.max_uploaded_archive_size,
         "Bytes that an archive may have to be uploaded; 0: any",
         "CACHE_MAX_UPLOADED_ARCHIVE_SIZE"},
    };
  }

  std::optional<config::failure> take_metadata(std::string_view text) {
    std::string failure;
    options_.metadata = parse_metadata(text, failure);
    if (failure.empty()) return std::nullopt;
    return config::failure{failure};
  }

  services& all_;
  cache_archiver_options options_;
  cache_transfer_flags transfer_;
};

}  // namespace

std::unique_ptr<command> make_cache_archiver(services& all) {
  return std::make_unique<cache_archiver_command>(all);
}

}  // namespace corunner
