#include "runner/artifact/parallel_download.hpp"

#include "runner/artifact/ranged_transfer.hpp"

#include <fmt/format.h>

namespace corunner {
namespace {

constexpr std::uint64_t range_size = 16 << 20;
constexpr int streams = 16;

}  // namespace

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

awaitable<std::optional<net::http_response>> parallel_download::fetch(std::string range) {
  artifact_request request;
  request.url = url_;
  request.token = false;
  request.range = std::move(range);
  auto reply = co_await client_.send(std::move(request));
  co_return std::move(reply.response);
}

awaitable<bool> parallel_download::run(staged_file& into) {
  auto const size = co_await probe();
  if (!size) co_return false;
  auto shown = url_;
  log_.info(fmt::format("Artifact download: parallel, {} streams, 16 MiB chunk size", streams),
            {{"url", shown.substr(0, shown.find('?'))}});
  ranged_transfer ranges(context_.pool, meter_,
                         [this](std::string range) { return fetch(std::move(range)); },
                         {*size, range_size, streams});
  co_return co_await ranges.run(into);
}

}  // namespace corunner
