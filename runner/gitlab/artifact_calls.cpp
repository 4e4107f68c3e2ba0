// Artifact archives to and from the server, streamed.

#include "runner/gitlab/api_call.hpp"
#include "runner/gitlab/multipart.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace corunner::gitlab {

namespace {

std::string form_encoded(std::string_view text) {
  auto out = net::percent_encode(text);
  for (auto at = out.find("%20"); at != std::string::npos; at = out.find("%20", at)) {
    out.replace(at, 3, "+");
  }
  return out;
}

std::string upload_path(std::int64_t job, artifact_upload const& what) {
  auto out = fmt::format("jobs/{}/artifacts?", job);
  auto const add = [&](std::string_view name, std::string const& value) {
    if (value.empty()) return;
    if (!out.ends_with('?')) out += '&';
    out += fmt::format("{}={}", name, form_encoded(value));
  };
  add("artifact_format", what.format);
  add("artifact_type", what.type);
  add("expire_in", what.expire_in);
  return out;
}

upload_outcome upload_kind(int status) {
  using enum upload_outcome;
  switch (status) {
    case 201: return stored;
    case 403: return forbidden;
    case 413: return too_large;
    case 503: return unavailable;
    default: return failed;
  }
}

download_outcome download_kind(int status) {
  using enum download_outcome;
  switch (status) {
    case 200: return stored;
    case 401:
    case 403: return forbidden;
    case 404: return not_found;
    default: return failed;
  }
}

bool redirects(int status) { return status == 302 || status == 307; }

// The body, as it comes, into `to`; what went wrong, or nothing.
awaitable<std::string> pour(net::http_response& from, download_sink const& to) {
  // Not on the coroutine's frame, which is kept for the whole transfer.
  std::string room(64 * 1024, '\0');
  for (;;) {
    auto const n = co_await from.read_some(asio::buffer(room));
    if (!n) co_return n.error().message();
    if (*n == 0) co_return std::string();
    std::string_view const bytes(room.data(), *n);
    if (error_code const refused = co_await to(bytes)) co_return refused.message();
  }
}

}  // namespace

awaitable<upload_answer> api_client::upload_artifact(job_key job, artifact_upload what) {
  auto file = multipart_of("file", what.file_name, what.content);
  call request;
  request.method = "POST";
  request.path = upload_path(job.id, what);
  request.fields.set("Content-Type", file.content_type);
  request.body = std::move(file.body);
  if (what.timeout) request.deadlines.total = *what.timeout;
  if (what.response_header_timeout) {
    request.deadlines.response_header = *what.response_header_timeout;
  }
  request.authorize("JOB-TOKEN", job.token);
  auto const answer = co_await perform(std::move(request));
  upload_answer out;
  out.what = upload_kind(answer.status);
  if (out.what != upload_outcome::stored) out.message = answer.message();
  co_return out;
}

awaitable<download_answer> api_client::download_artifact(job_key job, bool direct,
                                                         download_sink to) {
  call request;
  request.method = "GET";
  request.path = fmt::format("jobs/{}/artifacts?{}", job.id, direct ? "direct_download=true" : "");
  request.authorize("JOB-TOKEN", job.token);

  // A direct download first asks where the archive is, without following.
  auto first = request;
  first.retries = first.follow_redirects = !direct;
  auto answer = co_await open(std::move(first));
  if (direct && redirects(answer.status) && !answer.field("Location").empty()) {
    answer = co_await open(std::move(request));
  }

  download_answer out;
  out.what = download_kind(answer.status);
  if (out.what == download_outcome::stored) {
    out.message = co_await pour(answer.response, to);
    if (!out.message.empty()) {
      answer.fail(out.message);
      out = {download_outcome::failed, answer.message()};
    }
    co_return out;
  }
  if (answer.status >= 0) {
    auto body = co_await answer.response.read_all(largest_error);
    if (body) answer.body = std::move(*body);
  }
  out.message = answer.message();
  co_return out;
}

}  // namespace corunner::gitlab
