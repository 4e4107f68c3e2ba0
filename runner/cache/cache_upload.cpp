#include "runner/cache/cache_upload.hpp"

#include "runner/cache/archive_files.hpp"
#include "runner/cache/file_body.hpp"
#include "runner/cache/gocloud.hpp"
#include "runner/cache/transfer_tries.hpp"
#include "runner/gitlab/retry.hpp"

#include <fmt/format.h>

namespace corunner {
namespace {

std::string_view trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool same_word(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y;
  });
}

// What the client says by itself.
bool is_clients(std::string_view name) {
  return same_word(name, "host") || same_word(name, "content-length") ||
         same_word(name, "transfer-encoding");
}

}  // namespace

cache_upload::cache_upload(artifact_context& context, cache_archiver_options const& options)
    : context_(context),
      options_(options),
      store_(context, time_limit(options.transfer)),
      meter_(context.time, "Uploading cache", options.transfer.meter_frequency, context.meter) {}

awaitable<bool> cache_upload::is_there() {
  if (options_.check_url.empty()) co_return false;
  store_request request;
  request.method = "HEAD";
  request.url = options_.check_url;
  auto const reply = co_await store_.send(std::move(request));
  co_return reply.response && reply.response->status == 200;
}

net::http_fields cache_upload::fields_of(exec::input_file const& archive) const {
  net::http_fields fields;
  for (std::string_view const header : options_.headers) {
    auto const colon = header.find(':');
    if (colon == std::string_view::npos) continue;
    auto const name = trimmed(header.substr(0, colon));
    if (!is_clients(name)) fields.set(name, trimmed(header.substr(colon + 1)));
  }
  if (!fields.contains("Content-Type")) fields.set("Content-Type", "application/octet-stream");
  auto const modified = net::time_source::wall_time(std::chrono::seconds(archive.modified()));
  fields.set("Last-Modified", gitlab::http_date(modified));
  return fields;
}

awaitable<transfer_outcome> cache_upload::put(std::shared_ptr<exec::input_file const> archive) {
  bool const presigned = options_.gocloud_url.empty();
  auto const& url = presigned ? options_.url : options_.gocloud_url;
  context_.log.info(presigned ? "Using presigned URL for cache upload"
                              : "Using GoCloud URL for cache upload");
  context_.log.info(
      fmt::format("Uploading {} to {}", base_name(options_.file), clean_url(url)));
  if (!presigned) co_return transfer_outcome{gocloud_refusal(url)};
  store_request request;
  request.method = "PUT";
  request.url = url;
  request.fields = fields_of(*archive);
  request.body = file_body(context_.pool, archive, buffer_size(options_.transfer),
                           [this](std::uint64_t bytes) { meter_.add(bytes); });
  meter_.start(archive->size());
  auto reply = co_await store_.send(std::move(request));
  meter_.stop();
  if (!reply.response) co_return reply.failure;
  if (reply.response->status / 100 == 2) co_return transfer_outcome();
  co_return co_await store_.judge(*reply.response);
}

awaitable<std::string> cache_upload::run() {
  if (options_.url.empty() && options_.gocloud_url.empty()) {
    context_.log.info(
        "No URL provided, cache will not be uploaded to shared cache server. Cache will be stored "
        "only locally.");
    co_return std::string();
  }
  auto open = [file = options_.file] {
    std::pair<std::optional<exec::input_file>, std::string> opened;
    opened.first = exec::input_file::open(file, file, opened.second);
    return opened;
  };
  auto opened = co_await net::on_pool(context_.pool, std::move(open));
  if (!opened.first) co_return opened.second;
  auto const archive = std::make_shared<exec::input_file const>(std::move(*opened.first));
  auto const limit = options_.max_uploaded_archive_size;
  bool const too_big =
      limit < 0 || (limit > 0 && archive->size() > static_cast<std::uint64_t>(limit));
  if (too_big) {
    context_.log.info(fmt::format("Cache archive size ({}) is too big (Limit is set to {}). Cache "
                                  "will be stored only locally.", archive->size(), limit));
    co_return std::string();
  }
  auto const ended = co_await try_transfer(context_, options_.transfer,
                                           [this, archive] { return put(archive); });
  co_return ended.error;
}

}  // namespace corunner
