#include "runner/artifact/artifacts_downloader.hpp"

#include "config/field.hpp"
#include "exec/archive/extract.hpp"
#include "net/error.hpp"
#include "runner/artifact/archiver_settings.hpp"
#include "runner/artifact/artifact_client.hpp"
#include "runner/artifact/outage.hpp"
#include "runner/artifact/parallel_download.hpp"
#include "runner/artifact/reply_text.hpp"
#include "runner/artifact/staged_file.hpp"
#include "runner/artifact/transfer_meter.hpp"
#include "runner/gitlab/short_token.hpp"

#include <fmt/format.h>

namespace corunner {
namespace {

constexpr std::size_t body_limit = 1 << 20;
constexpr std::size_t piece = 128 << 10;
constexpr char const* subject = "Downloading artifacts from coordinator...";

// What one attempt came to; the words are those of the last log line.
enum class fetched { stored, forbidden, missing, failed };

char const* final_words(fetched how) {
  switch (how) {
    case fetched::forbidden: return "permission denied";
    case fetched::missing: return "file does not exist";
    default: return "invalid argument";
  }
}

class downloader {
 public:
  downloader(artifact_context& context, artifacts_downloader_options options)
      : context_(context),
        options_(std::move(options)),
        log_(context.log.with(
            {{"id", options_.credentials.job_id},
             {"token", gitlab::short_token(options_.credentials.token.reveal())}})),
        client_(context, options_.credentials, net::http_deadlines()),
        meter_(context.time, "Downloading artifacts", options_.meter_frequency, context.meter) {}

  awaitable<int> run();

 private:
  // What log lines say about where the answer came from.
  struct origin {
    std::string correlation_id;
    int shown_status = 0;   // of the first answer, when there were several
    bool direct = false;
  };

  int fail(std::string const& why) {
    context_.log.fatal(why);
    return 1;
  }
  bool complete();
  std::string staging_directory() const;
  awaitable<fetched> fetch(staged_file& into, bool direct);
  awaitable<fetched> fetch_direct(staged_file& into);
  awaitable<fetched> take(artifact_reply reply, origin from, staged_file& into);
  awaitable<fetched> store(net::http_response& response, logger const& log, staged_file& into);
  awaitable<fetched> refuse(net::http_response& response, logger const& log, bool direct);
  fetched no_answer(artifact_reply const& reply);
  awaitable<int> extract(staged_file const& archive);

  artifact_context& context_;
  artifacts_downloader_options options_;
  logger log_;
  artifact_client client_;
  transfer_meter meter_;
  bool server_away_ = false;  // why the last fetch failed
};

bool downloader::complete() {
  auto const& who = options_.credentials;
  if (who.url.empty()) context_.log.warning("Missing URL (--url)");
  if (who.token.empty()) context_.log.warning("Missing runner credentials (--token)");
  if (who.job_id <= 0) context_.log.warning("Missing build ID (--id)");
  return !who.url.empty() && !who.token.empty() && who.job_id > 0;
}

std::string downloader::staging_directory() const {
  if (!options_.staging_directory.empty()) return options_.staging_directory;
  auto const system = context_.variable("TMPDIR");
  return system.empty() ? "/tmp" : system;
}

fetched downloader::no_answer(artifact_reply const& reply) {
  log_.error(fmt::format("{} error {}", subject, reply.error),
             {{"correlation_id", reply.correlation_id}});
  server_away_ = true;
  return fetched::failed;
}

// The body into the file; true to its announced length, or it did not come.
awaitable<fetched> downloader::store(net::http_response& response, logger const& log,
                                     staged_file& into) {
  meter_.start();
  std::string buffer(piece, '\0');
  auto failure = into.clear();
  for (std::uint64_t done = 0; failure.empty();) {
    auto const got = co_await response.read_some(asio::buffer(buffer));
    if (!got)
      failure =
          got.error() == net::errc::incomplete_body ? "unexpected EOF" : got.error().message();
    server_away_ = !got;
    if (!got || *got == 0) break;
    failure = co_await into.write(context_.pool, done, std::string_view(buffer).substr(0, *got));
    done += *got;
    meter_.add(*got);
  }
  meter_.stop();
  if (!failure.empty()) {
    log.error(std::string(subject) + " error", {{"error", failure}});
    co_return fetched::failed;
  }
  log.info(std::string(subject) + " ok");
  co_return fetched::stored;
}

awaitable<fetched> downloader::refuse(net::http_response& response, logger const& log,
                                      bool direct) {
  auto const read = co_await response.read_all(body_limit);
  auto const name = std::string(subject);
  switch (response.status) {
    case 401:
      log.error(name + " unauthorized", {{"status", status_line(response)}});
      co_return fetched::forbidden;
    case 403:
      log.error(name + " forbidden", {{"status", reply_text("GET", response, read ? *read : "")}});
      co_return fetched::forbidden;
    case 404: log.error(name + " not found"); co_return fetched::missing;
    default: break;
  }
  log_fields fields;
  if (!direct) fields.emplace_back("status", status_line(response));
  log.warning(name + " failed", std::move(fields));
  co_return fetched::failed;
}

awaitable<fetched> downloader::take(artifact_reply reply, origin from, staged_file& into) {
  if (!reply.response) co_return no_answer(reply);
  server_away_ = reply.away;
  auto& response = *reply.response;
  log_fields fields{{"correlation_id", from.correlation_id},
                    {"http_status_code", from.shown_status}};
  if (!from.direct) fields.emplace_back("host", response.final_url.authority());
  auto const log = log_.with(std::move(fields));
  if (response.status == 200) co_return co_await store(response, log, into);
  co_return co_await refuse(response, log, from.direct);
}

// GitLab may send us to where the archive is kept; the first answer tells.
awaitable<fetched> downloader::fetch_direct(staged_file& into) {
  auto const url = client_.artifacts_url("direct_download=true");
  artifact_request request;
  request.url = url;
  request.how = artifact_request::redirects::returned;
  request.repeated = false;
  auto reply = co_await client_.send(request);
  if (!reply.response) co_return no_answer(reply);
  origin const from{reply.correlation_id, reply.status(), true};
  if (reply.status() != 302 && reply.status() != 307) {
    co_return co_await take(std::move(reply), from, into);
  }
  auto const location = std::string(reply.response->fields.get("Location"));
  auto const base = net::parse_url(url);
  auto const store = base ? net::resolve_url(*base, location) : base;
  auto const log =
      log_.with({{"correlation_id", from.correlation_id}, {"http_status_code", from.shown_status}});
  if (!location.empty() && store) {
    log.info("Direct download from " + store->authority());
    bool const parallel =
        config::parse_bool(context_.variable("FF_USE_PARALLEL_ARTIFACT_TRANSFER")).value_or(false);
    parallel_download ranges(context_, client_, meter_, log, store->to_string(true));
    meter_.start();
    bool const stored = parallel && co_await ranges.run(into);
    if (stored) {
      meter_.stop();
      log.info(std::string(subject) + " ok");
      co_return fetched::stored;
    }
  }
  request.how = artifact_request::redirects::followed;
  request.repeated = true;
  auto followed = co_await client_.send(request);
  co_return co_await take(std::move(followed), from, into);
}

awaitable<fetched> downloader::fetch(staged_file& into, bool direct) {
  if (direct) co_return co_await fetch_direct(into);
  artifact_request request;
  request.url = client_.artifacts_url("");
  auto reply = co_await client_.send(std::move(request));
  origin const from{reply.correlation_id, reply.status(), false};
  co_return co_await take(std::move(reply), from, into);
}

awaitable<int> downloader::extract(staged_file const& archive) {
  auto const settings = unpacking_settings(context_.variables);
  if (!settings.failure.empty()) co_return fail(settings.failure);
  auto const ended = co_await exec::extract_archive(context_.pool, archive.path(),
                                                    context_.working_directory, settings.workers);
  co_return ended.ok() ? 0 : fail(ended.message);
}

awaitable<int> downloader::run() {
  if (!complete()) co_return fail("Incomplete arguments");
  staged_file archive(staging_directory(), {.hidden = true});
  if (!archive.ok()) co_return fail(archive.failure());
  outage absence(context_.time, options_.outage_timeout);
  for (int tries = 0;; ++tries) {
    auto const how = co_await fetch(archive, options_.direct_download && tries == 0);
    if (how == fetched::stored) break;
    if (how != fetched::failed) co_return fail(final_words(how));
    auto const patience = absence.pause_after(server_away_);
    bool const again = tries < options_.retry;
    if (!again && !patience) co_return fail(final_words(how));
    context_.log.warning("Retrying...", {{"error", final_words(how)}});
    co_await context_.time.sleep_for(again ? options_.retry_time : *patience);
  }
  co_return co_await extract(archive);
}

}  // namespace

awaitable<int> download_artifacts(artifact_context& context, artifacts_downloader_options options) {
  downloader one(context, std::move(options));
  co_return co_await one.run();
}

}  // namespace corunner
