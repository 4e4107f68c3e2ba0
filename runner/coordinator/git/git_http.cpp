#include "runner/coordinator/git/git_http.hpp"

#include "net/url.hpp"
#include "runner/coordinator/api/access/authorization.hpp"
#include "runner/coordinator/api/dispatch.hpp"
#include "runner/coordinator/context.hpp"
#include "runner/coordinator/git/gunzip.hpp"
#include "runner/coordinator/git/lfs.hpp"
#include "runner/coordinator/git/upload_pack.hpp"

#include <boost/beast/core/detail/base64.hpp>

namespace corunner::coordinator {

namespace {

constexpr std::size_t most_of_a_request = 8u << 20;

struct git_target {
  std::string project;
  std::string inside;  // "/info/refs"
};

git_target split(std::string_view path) {
  auto const plain = net::percent_decode(std::string(path));
  auto const end = plain.find(".git/");
  return {plain.substr(1, end - 1), plain.substr(end + 4)};
}

std::string password_of(std::string_view authorization) {
  constexpr std::string_view basic = "Basic ";
  if (!authorization.starts_with(basic)) return {};
  authorization.remove_prefix(basic.size());
  namespace base64 = boost::beast::detail::base64;
  std::string plain(base64::decoded_size(authorization.size()), '\0');
  auto const [written, read] =
      base64::decode(plain.data(), authorization.data(), authorization.size());
  plain.resize(written);
  auto const colon = plain.find(':');
  if (plain.substr(0, colon) != "gitlab-ci-token") return {};
  return plain.substr(colon + 1);
}

reply text_reply(int status, std::string_view text) {
  return {status, {{"Content-Type", "text/plain"}}, std::string(text)};
}

// The repository that this request may read, or how to refuse it.
struct git_admission {
  std::string git_dir;
  reply refusal;
};

git_admission admit(context& in, net::http_exchange const& exchange, git_target const& target) {
  auto const job = job_of_token(in, password_of(exchange.fields.get("Authorization")));
  if (!job) {
    auto refusal = text_reply(401, "HTTP Basic: Access denied\n");
    refusal.fields.set("WWW-Authenticate", "Basic realm=\"GitLab\"");
    return {{}, std::move(refusal)};
  }
  auto const project = in.data.projects.find(target.project);
  if (!project || project->id != job->project_id) {
    return {{}, text_reply(404, "The project you were looking for could not be found\n")};
  }
  bool const push = target.inside == "/git-receive-pack" ||
                    exchange.query.find("service=git-receive-pack") != std::string::npos;
  if (push) return {{}, text_reply(403, "You are not allowed to push code to this project.\n")};
  bool const known = target.inside == "/info/refs" || target.inside == "/git-upload-pack" ||
                     is_lfs_path(target.inside);
  if (!known) return {{}, text_reply(404, "not found\n")};
  auto const pipeline = in.data.jobs.find_pipeline(job->pipeline_id);
  return {pipeline ? pipeline->git_dir : std::string(), {}};
}

// What to ask upload-pack, or how to refuse it.
struct git_question {
  upload_pack_request request;
  std::optional<reply> refusal;
};

awaitable<git_question> read_question(net::http_exchange& exchange, bool advertisement) {
  git_question question;
  auto& request = question.request;
  request.protocol = exchange.fields.get("Git-Protocol");
  request.advertisement = advertisement;
  if (advertisement) {
    if (exchange.query != "service=git-upload-pack") {
      question.refusal = text_reply(403, "unknown service\n");
    }
    co_return question;
  }
  if (exchange.method != "POST" ||
      exchange.fields.get("Content-Type") != "application/x-git-upload-pack-request") {
    question.refusal = text_reply(415, "not a request of git\n");
    co_return question;
  }
  auto body = co_await exchange.read_all(most_of_a_request);
  if (body && exchange.fields.get("Content-Encoding").ends_with("gzip")) {
    body = gunzip(*body, most_of_a_request);
  }
  if (body) request.body = std::move(*body);
  else question.refusal = text_reply(413, "the request is too large or damaged\n");
  co_return question;
}

}  // namespace

bool is_git_path(std::string_view path) { return path.find(".git/") != std::string_view::npos; }

awaitable<void> serve_git(context& in, net::http_exchange& exchange) {
  auto const target = split(exchange.path);
  auto admission = admit(in, exchange, target);
  if (admission.git_dir.empty()) {
    co_await send(exchange, std::move(admission.refusal));
    co_return;
  }
  if (is_lfs_path(target.inside)) {
    auto const url = in.url() + "/" + target.project + ".git";
    co_await serve_lfs(in, exchange, admission.git_dir, target.inside, url);
    co_return;
  }
  auto question = co_await read_question(exchange, target.inside == "/info/refs");
  if (question.refusal) {
    co_await send(exchange, std::move(*question.refusal));
    co_return;
  }
  question.request.git_dir = admission.git_dir;
  co_await serve_upload_pack(in, exchange, std::move(question.request));
}

}  // namespace corunner::coordinator
