#include "runner/pipeline/predefined.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "runner/pipeline/slug.hpp"

namespace corunner::pipeline {
namespace {

constexpr std::size_t message_limit = 100'000;
constexpr std::size_t title_limit = 100;  // a longer first line belongs to the description too
constexpr std::size_t merge_request_description_limit = 2700;

char const* truth(bool value) { return value ? "true" : "false"; }

// Leaves absent what is empty, as GitLab does with most of these.
void set_given(variable_list& to, std::string_view key, std::string const& value) {
  if (!value.empty()) to.set(key, value);
}

void add_server(variable_list& to, server_source const& server) {
  url_parts const url = split_url(server.url);
  to.set("CI_SERVER_NAME", "GitLab");
  to.set("CI_SERVER_URL", server.url);
  to.set("CI_SERVER_HOST", url.host);
  to.set("CI_SERVER_PORT", std::to_string(url.port));
  to.set("CI_SERVER_PROTOCOL", url.scheme);
  to.set("CI_SERVER_FQDN", url.default_port ? url.host : fmt::format("{}:{}", url.host, url.port));
  to.set("CI_SERVER_SHELL_SSH_HOST", server.ssh_host.empty() ? url.host : server.ssh_host);
  to.set("CI_SERVER_SHELL_SSH_PORT", std::to_string(server.ssh_port));
  to.set("CI_SERVER_VERSION", server.version);
  std::string_view rest = server.version;
  for (char const* const part : {"MAJOR", "MINOR", "PATCH"}) {
    std::size_t const dot = std::min(rest.find('.'), rest.size());
    to.set(fmt::format("CI_SERVER_VERSION_{}", part), rest.substr(0, dot));
    rest.remove_prefix(std::min(dot + 1, rest.size()));
  }
  to.set("CI_SERVER_REVISION", server.revision);
  to.set("GITLAB_FEATURES", "");
  to.set("CI_TEMPLATE_REGISTRY_HOST", "registry.gitlab.com");
}

void add_names(variable_list& to, pipeline_source const& source) {
  project_source const& p = source.project;
  std::string const name_space = project_namespace(p);
  std::string const root = root_namespace(p);
  to.set("CI_PROJECT_ID", std::to_string(p.id));
  to.set("CI_PROJECT_NAME", project_name(p));
  to.set("CI_PROJECT_TITLE", p.title.empty() ? project_name(p) : p.title);
  to.set("CI_PROJECT_DESCRIPTION", p.description);
  to.set("CI_PROJECT_PATH", p.path);
  to.set("CI_PROJECT_PATH_SLUG", slug(p.path));
  to.set("CI_PROJECT_NAMESPACE", name_space);
  to.set("CI_PROJECT_NAMESPACE_SLUG", slug(name_space));
  to.set("CI_PROJECT_NAMESPACE_ID", std::to_string(p.namespace_id));
  to.set("CI_PROJECT_ROOT_NAMESPACE", root);
  to.set("CI_PROJECT_ROOT_NAMESPACE_SLUG", slug(root));
  to.set("CI_PROJECT_URL", project_url(source));
  to.set("CI_PROJECT_VISIBILITY", p.visibility);
  to.set("CI_PROJECT_TOPICS", p.topics);
  to.set("CI_PROJECT_REPOSITORY_LANGUAGES", p.repository_languages);
  to.set("CI_PROJECT_CLASSIFICATION_LABEL", "");
  to.set("CI_DEFAULT_BRANCH", p.default_branch);
  to.set("CI_DEFAULT_BRANCH_SLUG", slug(p.default_branch));
  to.set("CI_CONFIG_PATH", p.config_path);
}

void add_registries(variable_list& to, pipeline_source const& source) {
  url_parts const url = split_url(source.server.url);
  std::string const proxy = fmt::format("{}:{}", url.host, url.port);
  std::string const path = "/dependency_proxy/containers";
  project_source const& p = source.project;
  to.set("CI_DEPENDENCY_PROXY_SERVER", proxy);
  to.set("CI_DEPENDENCY_PROXY_GROUP_IMAGE_PREFIX",
         fmt::format("{}/{}{}", proxy, root_namespace(p), path));
  to.set("CI_DEPENDENCY_PROXY_DIRECT_GROUP_IMAGE_PREFIX",
         fmt::format("{}/{}{}", proxy, project_namespace(p), path));
  set_given(to, "CI_PAGES_DOMAIN", source.server.pages_domain);
  if (source.server.registry.empty()) return;
  std::string image = fmt::format("{}/{}", source.server.registry, p.path);
  std::ranges::transform(image, image.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  to.set("CI_REGISTRY", source.server.registry);
  to.set("CI_REGISTRY_IMAGE", image);
}

void add_message(variable_list& to, std::string const& message) {
  std::string const title = message.substr(0, message.find('\n'));
  std::string description = message;
  if (title.size() < title_limit) {
    std::size_t const end = std::min(title.size() + 1, message.size());
    description = message.substr(end);
    description.erase(0, description.find_first_not_of("\r\n"));
  }
  bool const cut = message.size() > message_limit;
  to.set("CI_COMMIT_MESSAGE", message.substr(0, message_limit));
  to.set("CI_COMMIT_MESSAGE_IS_TRUNCATED", truth(cut));
  to.set("CI_COMMIT_TITLE", title);
  to.set("CI_COMMIT_DESCRIPTION", description);
}

void add_merge_request(variable_list& to, pipeline_source const& source) {
  merge_request_source const& m = *source.merge_request;
  std::string const id = std::to_string(source.project.id);
  std::string const url = project_url(source);
  auto const set = [&to](std::string_view key, std::string_view value) {
    to.set("CI_MERGE_REQUEST_" + std::string(key), value);
  };
  set("ID", std::to_string(m.id));
  set("IID", std::to_string(m.iid));
  set("REF_PATH", fmt::format("refs/merge-requests/{}/head", m.iid));
  for (char const* const side : {"", "SOURCE_"}) {
    set(std::string(side) + "PROJECT_ID", id);
    set(std::string(side) + "PROJECT_PATH", source.project.path);
    set(std::string(side) + "PROJECT_URL", url);
  }
  set("SOURCE_BRANCH_NAME", m.source_branch);
  set("SOURCE_BRANCH_SHA", "");
  set("SOURCE_BRANCH_PROTECTED", truth(m.source_branch_protected));
  set("TARGET_BRANCH_NAME", m.target_branch);
  set("TARGET_BRANCH_PROTECTED", truth(m.target_branch_protected));
  set("TARGET_BRANCH_SHA", "");
  set("DIFF_BASE_SHA", m.diff_base_sha);
  set("DIFF_ID", "1");
  set("EVENT_TYPE", "detached");
  set("TITLE", m.title);
  set("DESCRIPTION", m.description.substr(0, merge_request_description_limit));
  set("DESCRIPTION_IS_TRUNCATED", truth(m.description.size() > merge_request_description_limit));
  set_given(to, "CI_MERGE_REQUEST_LABELS", m.labels);
  set_given(to, "CI_MERGE_REQUEST_MILESTONE", m.milestone);
  set_given(to, "CI_MERGE_REQUEST_ASSIGNEES", m.assignees);
  set("DRAFT", "false");
  set("SQUASH_ON_MERGE", "false");
}

std::string config_ref_uri(pipeline_source const& source) {
  url_parts const url = split_url(source.server.url);
  std::string const host =
      url.default_port ? url.host : fmt::format("{}:{}", url.host, url.port);
  return fmt::format("{}/{}//{}@refs/{}/{}", host, source.project.path, source.project.config_path,
                     source.commit.is_tag ? "tags" : "heads", source.commit.ref);
}

}  // namespace

void add_project_variables(variable_list& to, pipeline_source const& source) {
  to.set("CI", "true");
  to.set("GITLAB_CI", "true");
  if (source.local) to.set("CI_CORUNNER_LOCAL", "true");
  add_server(to, source.server);
  add_names(to, source);
  std::string const api = coordinator_url(source);
  to.set("CI_API_V4_URL", api + "/api/v4");
  to.set("CI_API_GRAPHQL_URL", api + "/api/graphql");
  add_registries(to, source);
}

void add_commit_variables(variable_list& to, pipeline_source const& source,
                          std::string const& name) {
  commit_source const& c = source.commit;
  if (source.iid > 0) to.set("CI_PIPELINE_IID", std::to_string(source.iid));
  to.set("CI_PIPELINE_SOURCE", source.kind);
  set_given(to, "CI_PIPELINE_CREATED_AT", source.created_at);
  set_given(to, "CI_PIPELINE_NAME", name);
  if (source.kind == "trigger") to.set("CI_PIPELINE_TRIGGERED", "true");
  set_given(to, "CI_PIPELINE_SCHEDULE_DESCRIPTION", source.schedule_description);
  set_given(to, "CI_OPEN_MERGE_REQUESTS", source.open_merge_requests);
  if (!source.trigger_payload.empty()) {
    to.set({"TRIGGER_PAYLOAD", source.trigger_payload, true, false, true});
  }
  to.set("CI_CONFIG_REF_URI", config_ref_uri(source));
  to.set("CI_COMMIT_SHA", c.sha);
  to.set("CI_COMMIT_SHORT_SHA", std::string_view(c.sha).substr(0, 8));
  to.set("CI_COMMIT_BEFORE_SHA", before_sha(c));
  to.set("CI_COMMIT_REF_NAME", c.ref);
  to.set("CI_COMMIT_REF_SLUG", slug(c.ref));
  to.set("CI_COMMIT_REF_PROTECTED", truth(c.ref_protected));
  if (c.is_tag) {
    to.set("CI_COMMIT_TAG", c.ref);
    to.set("CI_COMMIT_TAG_MESSAGE", c.tag_message);
  } else if (!source.merge_request) {
    to.set("CI_COMMIT_BRANCH", c.ref);
  }
  add_message(to, c.message);
  to.set("CI_COMMIT_AUTHOR", c.author);
  to.set("CI_COMMIT_TIMESTAMP", c.timestamp);
  to.set("CI_COMMIT_USER_LOGIN", "");
  set_given(to, "CI_COMMIT_DEFAULT_BRANCH_BASE_SHA", c.default_branch_base_sha);
  if (source.merge_request) add_merge_request(to, source);
}

void add_static_job_variables(variable_list& to, job_definition const& job) {
  to.set("CI_JOB_NAME", job.name);
  to.set("CI_JOB_NAME_SLUG", slug(job.name));
  to.set("CI_JOB_GROUP_NAME", job.group_name);
  to.set("CI_JOB_STAGE", job.stage);
  if (job.when == job_when::manual) to.set("CI_JOB_MANUAL", "true");
  if (job.node_index > 0) to.set("CI_NODE_INDEX", std::to_string(job.node_index));
  to.set("CI_NODE_TOTAL", std::to_string(job.node_total));
  if (!job.environment) return;
  to.set("CI_ENVIRONMENT_NAME", job.environment->name);
  to.set("CI_ENVIRONMENT_SLUG", job.environment->slug);
  to.set("CI_ENVIRONMENT_ACTION", job.environment->action);
  to.set("CI_ENVIRONMENT_TIER", job.environment->tier);
  set_given(to, "CI_ENVIRONMENT_URL", job.environment->url);
}

void add_user_variables(variable_list& to, pipeline_source const& source) {
  user_source const& u = source.user;
  to.set("GITLAB_USER_ID", std::to_string(u.id));
  to.set("GITLAB_USER_LOGIN", u.login);
  to.set("GITLAB_USER_EMAIL", u.email);
  to.set("GITLAB_USER_NAME", u.name);
}

void add_outside_variables(variable_list& to, pipeline_source const& source) {
  to.set_all(source.instance_variables);
  to.set_all(source.group_variables);
  to.set_all(source.project_variables);
  to.set_all(source.pipeline_variables);
}

std::string project_name(project_source const& project) {
  return project.path.substr(project.path.rfind('/') + 1);
}

std::string project_namespace(project_source const& project) {
  std::size_t const slash = project.path.rfind('/');
  return slash == std::string::npos ? std::string() : project.path.substr(0, slash);
}

std::string root_namespace(project_source const& project) {
  std::string const all = project_namespace(project);
  return all.substr(0, all.find('/'));
}

std::string project_url(pipeline_source const& source) {
  return source.server.url + "/" + source.project.path;
}

std::string coordinator_url(pipeline_source const& source) {
  std::string url = source.server.coordinator_url;
  if (url.empty()) url = source.server.url;
  while (url.ends_with('/')) url.pop_back();
  return url;
}

std::string before_sha(commit_source const& commit) {
  if (!commit.before_sha.empty()) return commit.before_sha;
  return std::string(commit.sha.empty() ? 40 : commit.sha.size(), '0');
}

url_parts split_url(std::string const& url) {
  url_parts out;
  std::size_t const scheme_end = url.find("://");
  std::size_t host_start = 0;
  if (scheme_end != std::string::npos) {
    out.scheme = url.substr(0, scheme_end);
    host_start = scheme_end + 3;
  }
  std::string authority = url.substr(host_start, url.find('/', host_start) - host_start);
  authority.erase(0, authority.rfind('@') + 1);
  int const usual = out.scheme == "http" ? 80 : 443;
  out.port = usual;
  std::size_t const colon = authority.rfind(':');
  bool const bracketed = authority.find(']') != std::string::npos && authority.ends_with(']');
  if (colon != std::string::npos && !bracketed) {
    std::from_chars(authority.data() + colon + 1, authority.data() + authority.size(), out.port);
    authority.resize(colon);
  }
  out.host = authority;
  out.default_port = out.port == usual;
  return out;
}

}  // namespace corunner::pipeline
