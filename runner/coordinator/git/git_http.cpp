#include "runner/coordinator/git/git_http.hpp"

#include "exec/process/run_process.hpp"
#include "net/url.hpp"
#include "runner/coordinator/api/authorization.hpp"
#include "runner/coordinator/api/dispatch.hpp"
#include "runner/coordinator/context.hpp"
#include "runner/coordinator/git/cgi_answer.hpp"

#include <boost/beast/core/detail/base64.hpp>
#include <fmt/format.h>

namespace corunner::coordinator {

namespace {

constexpr std::size_t most_of_a_request = 8u << 20;
constexpr std::size_t most_of_a_header = 64 * 1024;

// The client went away, or git speaks no CGI: ends the child.
struct cannot_stream : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Passes what the CGI child prints on to the client.
class cgi_sink final : public exec::output_sink {
 public:
  explicit cgi_sink(net::http_exchange& exchange) : exchange_(exchange) {}

  awaitable<void> write(exec::channel from, std::string_view bytes) override {
    if (from == exec::channel::err) co_return;
    if (begun_) {
      co_await pass(bytes);
      co_return;
    }
    held_.append(bytes);
    auto header = parse_cgi_header(held_);
    if (!header) {
      if (held_.size() > most_of_a_header) throw cannot_stream("no CGI header");
      co_return;
    }
    begun_ = true;
    auto fields = standard_fields(exchange_, std::move(header->fields));
    if (co_await exchange_.begin(header->status, std::move(fields), std::nullopt)) {
      throw cannot_stream("the client went away");
    }
    co_await pass(std::string_view(held_).substr(header->length));
  }

  bool begun() const { return begun_; }

 private:
  awaitable<void> pass(std::string_view bytes) {
    if (bytes.empty()) co_return;
    if (co_await exchange_.write(bytes)) throw cannot_stream("the client went away");
  }

  net::http_exchange& exchange_;
  std::string held_;
  bool begun_ = false;
};

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
  auto const [written, read] = base64::decode(plain.data(), authorization.data(), authorization.size());
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
  bool const known = target.inside == "/info/refs" || target.inside == "/git-upload-pack";
  if (!known) return {{}, text_reply(404, "not found\n")};
  auto const pipeline = in.data.jobs.find_pipeline(job->pipeline_id);
  return {pipeline ? pipeline->git_dir : std::string(), {}};
}

exec::process_options backend(net::http_exchange const& exchange, git_target const& target,
                              std::string const& git_dir) {
  exec::process_options how;
  how.arguments = {"git", "-c", "safe.directory=*", "-c", "http.receivepack=false",
                   "-c", "uploadpack.allowAnySHA1InWant=true", "http-backend"};
  how.environment = git_environment();
  auto& environment = how.environment;
  environment.emplace_back("GIT_PROJECT_ROOT", git_dir);
  environment.emplace_back("GIT_HTTP_EXPORT_ALL", "1");
  environment.emplace_back("PATH_INFO", target.inside);
  environment.emplace_back("REQUEST_METHOD", exchange.method);
  environment.emplace_back("QUERY_STRING", exchange.query);
  environment.emplace_back("CONTENT_TYPE", exchange.fields.get("Content-Type"));
  environment.emplace_back("HTTP_CONTENT_ENCODING", exchange.fields.get("Content-Encoding"));
  environment.emplace_back("GIT_PROTOCOL", exchange.fields.get("Git-Protocol"));
  environment.emplace_back("REMOTE_USER", "gitlab-ci-token");
  environment.emplace_back("REMOTE_ADDR", exchange.peer);
  return how;
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
  auto how = backend(exchange, target, admission.git_dir);
  if (exchange.method == "POST") {
    auto body = co_await exchange.read_all(most_of_a_request);
    if (!body) {
      co_await send(exchange, text_reply(413, "the request is too large\n"));
      co_return;
    }
    how.environment.emplace_back("CONTENT_LENGTH", std::to_string(body->size()));
    how.input = std::move(*body);
  }
  cgi_sink output(exchange);
  bool good = false;
  try {
    auto const ended = co_await exec::run_process(in.git_tool.launcher(), in.time, how, output);
    good = ended.how == exec::run_result::kind::ended && ended.status.ok();
  } catch (cannot_stream const&) {
    co_return exchange.drop();
  }
  if (!output.begun()) {
    co_await send(exchange, text_reply(500, "git http-backend failed\n"));
    co_return;
  }
  // A pack that was cut must not look complete.
  if (!good) co_return exchange.drop();
  co_await exchange.finish();
}

}  // namespace corunner::coordinator
