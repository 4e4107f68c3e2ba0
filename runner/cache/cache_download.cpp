#include "runner/cache/cache_download.hpp"

#include "config/field.hpp"
#include "net/error.hpp"
#include "runner/artifact/ranged_transfer.hpp"
#include "runner/cache/archive_files.hpp"
#include "runner/cache/gocloud.hpp"
#include "runner/cache/metadata.hpp"
#include "runner/cache/transfer_tries.hpp"
#include "runner/gitlab/retry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace corunner {
namespace {

using wall_time = net::time_source::wall_time;

constexpr std::int64_t most_streams = 64;

std::optional<wall_time> modified_of(net::http_fields const& described) {
  return gitlab::parse_http_date(described.get("Last-Modified"));
}

std::string shown(std::optional<wall_time> const& when) {
  return when ? gitlab::http_date(*when) : "never";
}

std::string body_failure(error_code const& ec) {
  if (ec == net::errc::incomplete_body || ec == asio::error::eof) return "unexpected EOF";
  if (ec == asio::error::timed_out) {
    return "context deadline exceeded (Client.Timeout or context cancellation while reading body)";
  }
  return ec.message();
}

}  // namespace

cache_download::cache_download(artifact_context& context, cache_extractor_options const& options)
    : context_(context),
      options_(options),
      store_(context, time_limit(options.transfer)),
      meter_(context.time, "Downloading cache", options.transfer.meter_frequency, context.meter) {}

bool cache_download::wants_ranges() const {
  return options_.transfer.concurrency > 1 &&
         config::parse_bool(context_.variable("FF_USE_PARALLEL_CACHE_TRANSFER")).value_or(false);
}

std::uint64_t cache_download::range_length() const {
  auto const wanted = options_.transfer.chunk_size;
  return static_cast<std::uint64_t>(wanted > 0 ? wanted
                                               : cache_transfer_options::default_chunk_size);
}

// A store that does not say how old its object is has nothing younger than ours.
bool cache_download::is_up_to_date(net::http_fields const& described) const {
  std::string failure;
  auto const ours = modified_at(options_.file, failure);
  auto const theirs = modified_of(described);
  return ours && (!theirs || *ours >= *theirs);
}

awaitable<cache_download::presence> cache_download::look(std::string const& url) {
  store_request request;
  request.method = "HEAD";
  request.url = url;
  auto const reply = co_await store_.send(std::move(request));
  if (!reply.response || reply.response->status != 200) co_return presence();
  co_return presence{true, modified_of(reply.response->fields)};
}

// The URL of the object under this scheme of keys or the other one, whichever is younger.
awaitable<std::string> cache_download::choose() {
  if (options_.alternate_url.empty()) co_return options_.url;
  auto const heads = [](std::string const& head, std::string const& url) {
    return head.empty() ? url : head;
  };
  auto const ours = co_await look(heads(options_.head_url, options_.url));
  auto const other = co_await look(heads(options_.alternate_head_url, options_.alternate_url));
  log_fields const facts{{"alternate_modified", shown(other.modified)},
                         {"alternate_url", clean_url(options_.alternate_url)},
                         {"primary_modified", shown(ours.modified)},
                         {"primary_url", clean_url(options_.url)}};
  bool const younger = ours.there && other.there && other.modified > ours.modified;
  if (other.there && (!ours.there || younger)) {
    context_.log.info(fmt::format("Selecting alternate cache URL: {}",
                                  younger ? "newer timestamp" : "primary not available"),
                      facts);
    co_return options_.alternate_url;
  }
  context_.log.info("Selecting primary cache URL", facts);
  co_return options_.url;
}

awaitable<store_reply> cache_download::get(std::string const& url, std::string range) {
  store_request request;
  request.url = url;
  if (!range.empty()) request.fields.set("Range", range);
  co_return co_await store_.send(std::move(request));
}

// Asks for the first byte, to learn whether ranges are honoured and worth it (in_ranges_); the
// answer describes the object.
awaitable<store_reply> cache_download::probe(std::string const& url) {
  auto reply = co_await get(url, "bytes=0-0");
  if (!reply.response) co_return reply;
  auto const& answer = *reply.response;
  if (answer.status == 200) {
    context_.log.info("Presigned URL did not honor Range request, using sequential download");
  } else if (answer.status == 206) {
    auto const size = total_of_range(answer.fields.get("Content-Range"));
    if (size && *size > range_length()) in_ranges_ = size;
  }
  co_return reply;
}

awaitable<transfer_outcome> cache_download::stream(net::http_response& from, staged_file& into) {
  std::string buffer(buffer_size(options_.transfer), '\0');
  for (std::uint64_t done = 0;;) {
    auto const got = co_await from.read_some(asio::buffer(buffer));
    if (!got) {
      co_return transfer_outcome{body_failure(got.error()), got.error() != asio::error::timed_out};
    }
    if (*got == 0) co_return transfer_outcome();
    auto why = co_await into.write(context_.pool, done, std::string_view(buffer).substr(0, *got));
    if (!why.empty()) co_return transfer_outcome{std::move(why)};
    done += *got;
    meter_.add(*got);
  }
}

awaitable<transfer_outcome> cache_download::fetch_ranges(std::string const& url,
                                                         std::string const& tag,
                                                         staged_file& into) {
  // An object that is replaced meanwhile is no range of this one.
  auto const send = [this, &url, &tag](std::string range)
      -> awaitable<std::optional<net::http_response>> {
    auto reply = co_await get(url, std::move(range));
    if (!reply.response || reply.response->fields.get("ETag") != tag) co_return std::nullopt;
    co_return std::move(reply.response);
  };
  auto const streams = std::min(options_.transfer.concurrency, most_streams);
  ranged_transfer ranges(context_.pool, meter_, send,
                         {*in_ranges_, range_length(), static_cast<int>(streams)});
  bool const complete = co_await ranges.run(into);
  if (complete) co_return transfer_outcome();
  co_return transfer_outcome{"a range of the archive did not arrive", true};
}

awaitable<transfer_outcome> cache_download::keep(staged_file& archive,
                                                 net::http_fields const& described) {
  auto why = archive.set_modified(modified_of(described).value_or(context_.time.wall_now()));
  if (why.empty()) why = archive.publish(options_.file);
  if (why.empty()) {
    why = co_await write_metadata(context_.pool, options_.file, metadata_of(described));
  }
  co_return transfer_outcome{std::move(why)};
}

awaitable<transfer_outcome> cache_download::receive(std::string const& url, store_reply reply) {
  auto const described = reply.response->fields;
  auto const tag = std::string(described.get("ETag"));
  log_fields fields;
  if (!tag.empty()) fields.emplace_back("etag", tag);
  context_.log.info(fmt::format("Downloading cache from {}{}", clean_url(url),
                                in_ranges_ ? " (parallel)" : ""),
                    std::move(fields));
  staged_file archive(directory_of(options_.file), hidden_archive("cache"));
  if (!archive.ok()) co_return transfer_outcome{archive.failure()};
  auto const length = described.get("Content-Length");
  meter_.start(in_ranges_.value_or(std::strtoull(std::string(length).c_str(), nullptr, 10)));
  transfer_outcome moved;
  if (in_ranges_) {
    reply.response.reset();
    moved = co_await fetch_ranges(url, tag, archive);
  } else {
    moved = co_await stream(*reply.response, archive);
  }
  meter_.stop();
  if (!moved.ok()) co_return moved;
  co_return co_await keep(archive, described);
}

awaitable<transfer_outcome> cache_download::attempt() {
  in_ranges_.reset();
  if (!options_.gocloud_url.empty()) {
    context_.log.info("Using GoCloud URL for cache download");
    co_return transfer_outcome{gocloud_refusal(options_.gocloud_url)};
  }
  context_.log.info("Using presigned URL for cache download");
  auto const url = co_await choose();
  bool const probing = wants_ranges();
  auto reply = probing ? co_await probe(url) : co_await get(url, "");
  // Each answer is judged alike; the one to a probe is followed by that to the real request.
  for (bool asked = !probing;; asked = true) {
    if (!reply.response) co_return reply.failure;
    if (reply.response->status == 404) co_return transfer_outcome{"file does not exist"};
    if (reply.response->status / 100 != 2) co_return co_await store_.judge(*reply.response);
    if (is_up_to_date(reply.response->fields)) {
      context_.log.info(base_name(options_.file) + " is up to date");
      co_return transfer_outcome();
    }
    if (asked || in_ranges_) break;
    reply = co_await get(url, "");
  }
  co_return co_await receive(url, std::move(reply));
}

}  // namespace corunner
