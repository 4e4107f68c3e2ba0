#include "runner/artifact/artifacts_uploader.hpp"

#include "runner/artifact/artifact_client.hpp"
#include "runner/artifact/chosen_files.hpp"
#include "runner/artifact/expand_word.hpp"
#include "runner/artifact/multipart_body.hpp"
#include "runner/artifact/outage.hpp"
#include "runner/artifact/provenance.hpp"
#include "runner/artifact/reply_text.hpp"
#include "runner/artifact/transfer_meter.hpp"
#include "runner/artifact/upload_policy.hpp"
#include "runner/gitlab/runner_info.hpp"
#include "runner/gitlab/short_token.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace corunner {
namespace {

constexpr std::size_t body_limit = 1 << 20;
constexpr std::size_t shown_body = 512;  // of a debug trace

class uploader {
 public:
  uploader(artifact_context& context, artifacts_uploader_options options)
      : context_(context),
        options_(std::move(options)),
        log_(context.log.with(
            {{"id", options_.credentials.job_id},
             {"token", gitlab::short_token(options_.credentials.token.reveal())}})),
        client_(context, options_.credentials, deadlines()),
        meter_(context.time, "Uploading artifacts", options_.meter_frequency, context.meter) {}

  awaitable<int> run();

 private:
  // How an attempt ended, with the words for "Retrying..." and for the end.
  struct attempt {
    upload_result how;
    std::string error;
    bool server_away = false;
  };

  int fail(std::string const& why) {
    context_.log.fatal(why);
    return 1;
  }
  net::http_deadlines deadlines() const;
  void expand_name();
  awaitable<std::vector<exec::archive_entry>> select();
  awaitable<bool> add_statement(exec::file_selection& selection);
  std::shared_ptr<exec::archive_plan const> plan(std::vector<exec::archive_entry> entries);
  awaitable<int> upload(std::shared_ptr<exec::archive_plan const> what);
  awaitable<attempt> try_once(std::shared_ptr<exec::archive_plan const> what);
  awaitable<attempt> judge(artifact_reply reply);
  void trace_reply(logger const& log, net::http_response const& response, std::string const& body);
  attempt broken(std::string error, std::string const& correlation_id);
  std::string subject() const;

  artifact_context& context_;
  artifacts_uploader_options options_;
  logger log_;
  artifact_client client_;
  transfer_meter meter_;
  bool failed_ = false;
};

net::http_deadlines uploader::deadlines() const {
  // Zero and less: no limit, which a year is.
  auto const limit = [](std::chrono::milliseconds given) {
    return given > given.zero() ? given : std::chrono::days(365);
  };
  net::http_deadlines limits;
  limits.total = limit(options_.timeout);
  limits.response_header = limit(options_.response_header_timeout);
  limits.idle = limits.total;
  return limits;
}

std::string uploader::subject() const {
  if (options_.type.empty()) return "Uploading artifacts to coordinator...";
  return fmt::format("Uploading artifacts as \"{}\" to coordinator...", options_.type);
}

void uploader::expand_name() {
  auto name = expand_word(options_.name, context_.variables);
  if (!name.failure.empty()) context_.log.warning("invalid artifact name: " + name.failure);
  options_.name = std::move(name.value);
}

// The statement becomes a file of the project and of the archive. False: there can be none.
awaitable<bool> uploader::add_statement(exec::file_selection& selection) {
  auto const& how = options_.provenance;
  context_.log.info("Generating artifacts statement");
  if (how.schema_version != "v1") {
    context_.log.warning(
        fmt::format("Unknown SLSA provenance version {}, defaulting to v1", how.schema_version));
  }
  auto const name = options_.name + "-metadata.json";
  auto const us = gitlab::local_runner_info();
  provenance_facts const facts{options_.credentials.job_id, us.version, us.revision,
                               us.architecture};
  auto write = [&, name] {
    std::string failure;
    auto const digests = digest_files(selection.root(), selection.entries(), failure);
    if (!failure.empty()) return failure;
    auto const made = make_statement(how, facts, digests);
    if (!made.failure.empty()) return made.failure;
    failure =
        write_statement(selection.root() + "/" + name, boost::json::serialize(made.statement));
    if (failure.empty()) selection.add_file(name);
    return failure;
  };
  auto const failure = co_await net::on_pool(context_.pool, std::move(write));
  if (!failure.empty()) fail(failure);
  co_return failure.empty();
}

awaitable<std::vector<exec::archive_entry>> uploader::select() {
  file_choice const choice{options_.paths, options_.excludes, options_.untracked};
  auto selection = co_await choose_files(context_, choice);
  if (options_.provenance.generate) failed_ = !co_await add_statement(selection);
  co_return selection.entries();
}

std::shared_ptr<exec::archive_plan const> uploader::plan(std::vector<exec::archive_entry> entries) {
  auto const format = exec::parse_archive_format(options_.format);
  return plan_archive(context_, std::move(entries), format.value_or(exec::archive_format::zip),
                      options_.compression_level);
}

uploader::attempt uploader::broken(std::string error, std::string const& correlation_id) {
  log_.error(subject() + " error", {{"correlation_id", correlation_id}, {"error", error}});
  return {upload_result::broken, std::move(error)};
}

// CI_DEBUG_TRACE: all that came back.
void uploader::trace_reply(logger const& log, net::http_response const& response,
                           std::string const& body) {
  std::map<std::string, std::string> values;
  for (auto const& [name, value] : response.fields) {
    auto& list = values["header[" + name + "]"];
    list += (list.empty() ? "" : " ") + value;
  }
  log_fields fields{{"body", body.substr(0, shown_body)}};
  for (auto const& [name, list] : values) fields.emplace_back(name, "[" + list + "]");
  log.warning("received response", std::move(fields));
}

awaitable<uploader::attempt> uploader::judge(artifact_reply reply) {
  auto& response = *reply.response;
  auto const log = log_.with({{"correlation_id", reply.correlation_id}});
  auto const read = co_await response.read_all(body_limit);
  auto const body = read ? *read : std::string();
  if (options_.debug_trace) trace_reply(log, response, body);
  auto text = reply_text("POST", response, body);
  if (response.status == 307) text += " empty location";
  auto const how = result_of(response.status);
  log_fields fields{{"http_status_code", response.status}};
  if (how != upload_result::stored) fields.emplace_back("status", response.status);
  log.log(level_of(response.status), subject() + " " + text, std::move(fields));
  co_return attempt{how, std::string(final_words(how))};
}

awaitable<uploader::attempt> uploader::try_once(std::shared_ptr<exec::archive_plan const> what) {
  if (!exec::parse_archive_format(options_.format)) {
    co_return broken(fmt::format("execute raw request: get reader: couldn't get original body: "
                                 "\"{}\" format: unsupported archive format", options_.format),
                     new_request_id());
  }
  auto const loop = co_await asio::this_coro::executor;
  auto form = std::make_shared<multipart_form>();
  form->file_name = upload_name(options_.name, options_.format);
  form->boundary = new_boundary();
  form->failure = std::make_shared<std::string>();
  form->sent = [this](std::uint64_t bytes) { meter_.add(bytes); };
  form->warn = [this](std::string const& why) { context_.log.warning(why); };
  form->open = [this, loop, what] { return pack(loop, context_, what); };
  artifact_request request;
  request.method = "POST";
  request.url = client_.artifacts_url(form_query({{"artifact_format", options_.format},
                                                  {"artifact_type", options_.type},
                                                  {"expire_in", options_.expire_in}}));
  request.content_type = form->content_type();
  request.body = make_body(form);
  request.body_failure = form->failure;
  meter_.start();
  auto reply = co_await client_.send(std::move(request));
  meter_.stop();
  bool const away = reply.away;
  attempt made;
  if (reply.response) {
    made = co_await judge(std::move(reply));
  } else {
    made = broken(std::move(reply.error), reply.correlation_id);
  }
  made.server_away = away;
  co_return made;
}

awaitable<int> uploader::upload(std::shared_ptr<exec::archive_plan const> what) {
  outage absence(context_.time, options_.outage_timeout);
  for (int tries = 1;; ++tries) {
    auto const last = co_await try_once(what);
    if (last.how == upload_result::stored) co_return 0;
    auto const patience = absence.pause_after(last.server_away);
    auto pause = next_upload(last.how, tries);
    if (!pause) pause = patience;
    if (!pause) co_return fail(last.error);
    context_.log.warning("Retrying...", {{"context", "artifacts-uploader"}, {"error", last.error}});
    co_await context_.time.sleep_for(*pause);
  }
}

awaitable<int> uploader::run() {
  auto const& who = options_.credentials;
  if (who.url.empty() || who.token.empty()) co_return fail("Missing runner credentials");
  if (who.job_id <= 0) co_return fail("Missing build ID");
  expand_name();
  auto entries = co_await select();
  if (failed_) co_return 1;
  if (entries.empty()) {
    context_.log.error("No files to upload");
    co_return 0;
  }
  auto const what = plan(std::move(entries));
  co_return co_await upload(what);
}

}  // namespace

awaitable<int> upload_artifacts(artifact_context& context, artifacts_uploader_options options) {
  uploader one(context, std::move(options));
  co_return co_await one.run();
}

}  // namespace corunner
