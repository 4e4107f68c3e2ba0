#include "runner/artifact/parallel_download.hpp"

#include "net/task_group.hpp"

#include <fmt/format.h>

#include <charconv>

namespace corunner {
namespace {

constexpr std::uint64_t range_size = 16 << 20;
constexpr int streams = 16;
constexpr std::size_t piece = 128 << 10;

}  // namespace

std::optional<std::uint64_t> total_of_range(std::string_view content_range) {
  auto const slash = content_range.rfind('/');
  if (!content_range.starts_with("bytes ") || slash == std::string_view::npos) return std::nullopt;
  auto const text = content_range.substr(slash + 1);
  std::uint64_t total = 0;
  auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), total);
  if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return total;
}

parallel_download::parallel_download(artifact_context& context, artifact_client& client,
                                     transfer_meter& meter, logger log, std::string url)
    : context_(context),
      client_(client),
      meter_(meter),
      log_(std::move(log)),
      url_(std::move(url)) {}

// The object's size, when ranges are worth it.
awaitable<std::optional<std::uint64_t>> parallel_download::probe() {
  artifact_request request;
  request.url = url_;
  request.token = false;
  request.range = "bytes=0-0";
  request.repeated = false;
  auto const reply = co_await client_.send(std::move(request));
  auto const total = reply.status() == 206
                         ? total_of_range(reply.response->fields.get("Content-Range"))
                         : std::nullopt;
  if (!total) {
    log_.info(
        "Artifact download: remote host does not support Range, using single download stream");
    co_return std::nullopt;
  }
  if (*total <= range_size) {
    log_.info("Artifact download: file size <= 16 MiB (chunk size), using single download stream");
    log_.info("Artifact download: using single download stream");
    co_return std::nullopt;
  }
  co_return total;
}

// One range; true when it was there to the last byte.
awaitable<bool> parallel_download::fetch(staged_file& into, std::uint64_t first,
                                         std::uint64_t length) {
  artifact_request request;
  request.url = url_;
  request.token = false;
  request.range = fmt::format("bytes={}-{}", first, first + length - 1);
  auto reply = co_await client_.send(std::move(request));
  if (reply.status() != 206) co_return false;
  std::string buffer(piece, '\0');
  for (std::uint64_t done = 0;;) {
    auto const got = co_await reply.response->read_some(asio::buffer(buffer));
    if (!got || *got > length - done) co_return false;
    if (*got == 0) co_return done == length;
    auto const failure =
        co_await into.write(context_.pool, first + done, std::string_view(buffer).substr(0, *got));
    if (!failure.empty()) co_return false;
    done += *got;
    meter_.add(*got);
  }
}

awaitable<void> parallel_download::fetch_ranges(staged_file& into, std::uint64_t size) {
  while (next_ < size && !failed_) {
    auto const first = next_;
    auto const length = std::min(range_size, size - first);
    next_ += length;
    bool const complete = co_await fetch(into, first, length);
    if (!complete) failed_ = true;
  }
}

awaitable<bool> parallel_download::run(staged_file& into) {
  auto const size = co_await probe();
  if (!size) co_return false;
  auto shown = url_;
  log_.info(fmt::format("Artifact download: parallel, {} streams, 16 MiB chunk size", streams),
            {{"url", shown.substr(0, shown.find('?'))}});
  auto const loop = co_await asio::this_coro::executor;
  net::task_group group(loop);
  for (int i = 0; i < streams; ++i) group.spawn(fetch_ranges(into, *size));
  co_await group.join();
  co_return !failed_;
}

}  // namespace corunner
