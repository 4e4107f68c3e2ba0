#include "runner/job/script/git_context.hpp"

#include "net/http_text.hpp"
#include "net/url.hpp"
#include "runner/job/git_url.hpp"

#include <fmt/format.h>

namespace corunner {
namespace {

constexpr git_setting settings_of_template[] = {
    {"init", "defaultBranch", "none"},
    {"fetch", "recurseSubmodules", "false"},
    {"credential", "interactive", "never"},
    {"gc", "autoDetach", "false"},
};

struct tls_setting {
  std::string_view variable;
  std::string_view key;
};

constexpr tls_setting tls_settings[] = {
    {"CI_SERVER_TLS_CA_FILE", "sslCAInfo"},
    {"CI_SERVER_TLS_CERT_FILE", "sslCert"},
    {"CI_SERVER_TLS_KEY_FILE", "sslKey"},
};

bool has_tls(script_context const& job, git_access const& access, tls_setting const& setting) {
  return access.http && job.variables.find(setting.variable) != nullptr;
}

void add_rewrites(git_configuration& out, git_access const& access) {
  for (auto const& [to, from] : access.rewrites) out.add("url", to, "insteadOf", from);
}

// Where a rewrite would put credentials into an address, a header goes along. The narrower address
// has to stand first: git adds the headers of every block that fits no worse than those before it,
// and a server may refuse a second Authorization (nginx answers 400).
void add_authorization(git_configuration& out, git_access const& access) {
  for (auto const& [to, from] : access.rewrites) {
    auto const with = parse_git_url(to);
    auto const plain = parse_git_url(from);
    if (!with || !plain || !plain->is_http() || with->user_info.empty()) continue;
    auto const colon = with->user_info.find(':');
    auto const password = colon == std::string::npos ? "" : with->user_info.substr(colon + 1);
    out.add("http", from, "extraHeader",
            "Authorization: " +
                net::basic_credentials(net::percent_decode(with->user_info.substr(0, colon)),
                                       net::percent_decode(password)));
  }
}

std::string path_of(script_context const& job, tls_setting const& setting) {
  return fmt::format("{}/{}", job.directories.temporary(), setting.variable);
}

}  // namespace

git_access git_access_of_job(script_context const& job, bool without_tokens) {
  auto const& variables = job.variables;
  auto ssh_host = variables.value("CI_SERVER_SHELL_SSH_HOST");
  if (ssh_host.empty()) ssh_host = variables.value("CI_SERVER_HOST");
  return git_access_of(
      {.repo_url = job.payload.git_info.repo_url,
       .clone_url = job.runner.clone_url,
       .runner_url = job.runner.url,
       .project_path = variables.value("CI_PROJECT_PATH"),
       .token = job.payload.token.reveal(),
       .ssh_host = std::move(ssh_host),
       .ssh_port = variables.value("CI_SERVER_SHELL_SSH_PORT"),
       .force_https = job.settings.submodule_force_https,
       .without_tokens = without_tokens || job.flags["FF_GIT_URLS_WITHOUT_TOKENS"]});
}

std::string external_git_configuration(script_context const& job, git_credentials how) {
  auto const access = git_access_of_job(job);
  git_configuration out;
  if (job.flags["FF_USE_GITALY_CORRELATION_ID"] && !job.correlation_id.empty()) {
    out.add("http", "", "extraHeader", "X-Gitaly-Correlation-ID: " + job.correlation_id);
  }
  if (job.flags["FF_USE_GIT_BUNDLE_URIS"]) out.add("transfer", "", "bundleURI", "true");
  bool const in_headers = how == git_credentials::headers;
  // Before the TLS settings, whose block is that of a whole host.
  if (in_headers) add_authorization(out, access);
  if (job.traits.shared_environment) {
    for (auto const& setting : tls_settings) {
      if (!has_tls(job, access, setting)) continue;
      out.add("http", access.origin, std::string(setting.key), path_of(job, setting));
    }
  }
  add_rewrites(out, in_headers ? git_access_of_job(job, true) : access);
  return out.text();
}

std::vector<std::pair<std::string, std::string>> tls_configuration(script_context const& job,
                                                                   git_access const& access) {
  std::vector<std::pair<std::string, std::string>> out;
  for (auto const& setting : tls_settings) {
    if (!has_tls(job, access, setting)) continue;
    out.emplace_back(fmt::format("http.{}.{}", access.origin, setting.key), path_of(job, setting));
  }
  return out;
}

std::span<git_setting const> template_settings() { return settings_of_template; }

}  // namespace corunner
