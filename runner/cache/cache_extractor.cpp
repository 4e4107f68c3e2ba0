#include "runner/cache/cache_extractor.hpp"

#include "exec/archive/extract.hpp"
#include "runner/artifact/archiver_settings.hpp"
#include "runner/cache/archive_files.hpp"
#include "runner/cache/cache_download.hpp"
#include "runner/cache/transfer_tries.hpp"

namespace corunner {
namespace {

class extractor {
 public:
  extractor(artifact_context& context, cache_extractor_options options)
      : context_(context),
        options_(std::move(options)),
        is_remote_(!options_.url.empty() || !options_.gocloud_url.empty()) {}

  awaitable<int> run();

 private:
  int warn(std::string const& why) {
    context_.log.warning(why);
    return 1;
  }
  int fail(std::string const& why) {
    context_.log.fatal(why);
    return 1;
  }
  awaitable<std::string> download();
  awaitable<int> unpack();

  artifact_context& context_;
  cache_extractor_options options_;
  bool is_remote_;
};

awaitable<std::string> extractor::download() {
  if (auto why = make_directory_of(options_.file); !why.empty()) co_return why;
  cache_download from_store(context_, options_);
  auto const ended = co_await try_transfer(context_, options_.transfer,
                                           [&from_store] { return from_store.attempt(); });
  co_return ended.error;
}

awaitable<int> extractor::unpack() {
  std::string failure;
  bool const there = modified_at(options_.file, failure).has_value();
  if (!failure.empty()) co_return fail(failure);
  if (!there) co_return warn("Cache file does not exist");
  auto const settings = unpacking_settings(context_.variables);
  if (!settings.failure.empty()) co_return fail(settings.failure);
  auto const ended = co_await exec::extract_archive(
      context_.pool, options_.file, context_.working_directory, settings.workers);
  if (ended.ok()) co_return 0;
  // With the store's time it would pass for up to date.
  if (is_remote_) remove_archive(options_.file);
  co_return fail(ended.message);
}

awaitable<int> extractor::run() {
  if (options_.file.empty()) co_return warn("Missing cache file");
  if (auto const why = check_sizes(options_.transfer); !why.empty()) co_return fail(why);
  if (!is_remote_) {
    context_.log.info(
        "No URL provided, cache will not be downloaded from shared cache server. Instead a local "
        "version of cache will be extracted.");
    co_return co_await unpack();
  }
  auto const why = co_await download();
  if (!why.empty()) co_return warn(why);
  co_return co_await unpack();
}

}  // namespace

awaitable<int> extract_cache(artifact_context& context, cache_extractor_options options) {
  extractor one(context, std::move(options));
  co_return co_await one.run();
}

}  // namespace corunner
