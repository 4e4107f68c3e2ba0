#include "runner/pipeline/payload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "runner/pipeline/predefined.hpp"
#include "runner/pipeline/release_step.hpp"
#include "runner/pipeline/reports.hpp"
#include "runner/pipeline/slug.hpp"

namespace corunner::pipeline {
namespace {

// A URL with the user and password that git needs.
std::string with_credentials(std::string url, std::string const& token) {
  std::size_t const scheme = url.find("://");
  std::size_t const host = scheme == std::string::npos ? 0 : scheme + 3;
  return url.insert(host, fmt::format("gitlab-ci-token:{}@", token));
}

std::string repository_url(plan const& what, payload_context const& context) {
  std::string url = context.repository_url;
  if (url.empty()) {
    url = fmt::format("{}/{}.git", coordinator_url(what.source), what.source.project.path);
  }
  return with_credentials(std::move(url), context.job_token);
}

std::string json_list(std::vector<std::string> const& items) {
  std::string out;
  for (std::string const& item : items) {
    std::string escaped;
    for (char const c : item) {
      if (c == '"' || c == '\\') escaped += '\\';
      escaped += c;
    }
    out += fmt::format("{}\"{}\"", out.empty() ? "" : ", ", escaped);
  }
  return fmt::format("[{}]", out);
}

variable secret_variable(std::string key, std::string value) {
  return {std::move(key), std::move(value), false, true};
}

void add_pipeline_ids(variable_list& to, plan const& what) {
  pipeline_source const& source = what.source;
  to.set("CI_PIPELINE_ID", std::to_string(source.id));
  to.set("CI_PIPELINE_URL", fmt::format("{}/-/pipelines/{}", project_url(source), source.id));
}

void add_job_ids(variable_list& to, plan const& what, job_definition const& job,
                 payload_context const& context) {
  to.set("CI_JOB_ID", std::to_string(context.job_id));
  to.set("CI_JOB_URL", fmt::format("{}/-/jobs/{}", project_url(what.source), context.job_id));
  to.set(secret_variable("CI_JOB_TOKEN", context.job_token));
  to.set("CI_JOB_STARTED_AT", context.started_at);
  to.set("CI_JOB_STARTED_AT_SLUG", slug(context.started_at));
  to.set("CI_JOB_TAGS", json_list(job.tags));
  if (!what.source.server.registry.empty()) {
    to.set("CI_REGISTRY_USER", "gitlab-ci-token");
    to.set(secret_variable("CI_REGISTRY_PASSWORD", context.job_token));
  }
  to.set({"CI_REPOSITORY_URL", repository_url(what, context), false});
  to.set("CI_DEPENDENCY_PROXY_USER", "gitlab-ci-token");
  to.set(secret_variable("CI_DEPENDENCY_PROXY_PASSWORD", context.job_token));
}

void add_runner(variable_list& to, runner_facts const& runner) {
  to.set("CI_RUNNER_ID", std::to_string(runner.id));
  to.set("CI_RUNNER_DESCRIPTION", runner.description);
  to.set("CI_RUNNER_TAGS", json_list(runner.tags));
}

// W3C trace context: the same pipeline gives the same trace, each job a span of its own.
void add_trace_context(variable_list& to, plan const& what, payload_context const& context) {
  std::string const ids = fmt::format("{}:{}", what.source.id, context.job_id);
  to.set("CI_TRACEPARENT",
         fmt::format("00-{:032x}-{}-01", what.source.id, sha1_hex(ids).substr(0, 16)));
  to.set("CI_TRACESTATE",
         fmt::format("gitlab=pipeline:{};job:{}", what.source.id, context.job_id));
}

std::size_t stage_place(plan const& what, std::string const& stage) {
  return static_cast<std::size_t>(std::ranges::find(what.stages, stage) - what.stages.begin());
}

gitlab::job_variable wire(variable const& v) {
  return {v.key, v.value, v.is_public, v.file, v.masked, v.raw};
}

gitlab::job_image wire(image_definition const& image) {
  gitlab::job_image out;
  out.name = image.name;
  out.alias = image.alias;
  out.command = image.command.value_or(std::vector<std::string>());
  out.entrypoint = image.entrypoint.value_or(std::vector<std::string>());
  out.pull_policy = image.pull_policy;
  for (variable const& v : image.variables) out.variables.push_back(wire(v));
  out.executor_opts.docker_platform = image.docker_platform;
  out.executor_opts.docker_user = image.docker_user;
  out.executor_opts.kubernetes_user = image.kubernetes_user;
  return out;
}

std::vector<gitlab::job_artifact> wire(artifacts_definition const& artifacts) {
  std::vector<gitlab::job_artifact> out;
  if (!artifacts.paths.empty() || artifacts.untracked.value_or(false)) {
    gitlab::job_artifact archive;
    archive.name = artifacts.name;
    archive.untracked = artifacts.untracked.value_or(false);
    archive.paths = artifacts.paths;
    archive.exclude = artifacts.exclude;
    archive.when = artifacts.when;
    archive.artifact_type = "archive";
    archive.artifact_format = "zip";
    archive.expire_in = artifacts.expire_in;
    out.push_back(std::move(archive));
  }
  for (report_definition const& report : artifacts.reports) {
    report_kind const* const kind = find_report_kind(report.type);
    if (!kind) continue;
    gitlab::job_artifact one;
    one.name = kind->file_name;
    one.paths = report.paths;
    one.when = "always";
    one.artifact_type = kind->type;
    one.artifact_format = kind->format;
    one.expire_in = artifacts.expire_in;
    out.push_back(std::move(one));
  }
  return out;
}

gitlab::job_cache wire(cache_definition const& cache) {
  return {cache.key, cache.untracked, cache.policy, cache.paths, cache.when, cache.fallback_keys};
}

std::chrono::seconds effective_timeout(job_definition const& job, payload_context const& context) {
  std::chrono::seconds const wanted = job.timeout.value_or(context.project_timeout);
  std::chrono::seconds const most = context.runner.maximum_timeout.value_or(wanted);
  return most.count() > 0 ? std::min(wanted, most) : wanted;
}

gitlab::git_info make_git_info(plan const& what, variable_list const& variables,
                               payload_context const& context) {
  commit_source const& commit = what.source.commit;
  gitlab::git_info out;
  out.repo_url = repository_url(what, context);
  out.repo_object_format = commit.sha.size() == 64 ? "sha256" : "sha1";
  out.ref = commit.ref;
  out.sha = commit.sha;
  out.before_sha = before_sha(commit);
  out.ref_type = commit.is_tag ? "tag" : "branch";
  out.protected_ = commit.ref_protected;
  out.depth = context.project_git_depth;
  if (variable const* const depth = variables.find("GIT_DEPTH")) {
    std::int64_t given = 0;
    char const* const end = depth->value.data() + depth->value.size();
    if (std::from_chars(depth->value.data(), end, given).ptr == end && !depth->value.empty()) {
      out.depth = given;
    }
  }
  out.refspecs.push_back(fmt::format("+refs/pipelines/{0}:refs/pipelines/{0}", what.source.id));
  if (out.depth <= 0) {
    out.refspecs.emplace_back("+refs/heads/*:refs/remotes/origin/*");
    out.refspecs.emplace_back("+refs/tags/*:refs/tags/*");
  } else if (commit.is_tag) {
    out.refspecs.push_back(fmt::format("+refs/tags/{0}:refs/tags/{0}", commit.ref));
  } else {
    out.refspecs.push_back(fmt::format("+refs/heads/{0}:refs/remotes/origin/{0}", commit.ref));
  }
  return out;
}

// Counted up to a limit, and for instance runners only.
std::string running_jobs_text(payload_context const& context) {
  constexpr int counted = 5;
  if (!context.runner.instance_runner) return "+Inf";
  return context.running_of_project < counted ? fmt::to_string(context.running_of_project)
                                              : fmt::format("{}+", counted);
}

gitlab::job_info make_job_info(plan const& what, job_definition const& job,
                               payload_context const& context) {
  project_source const& project = what.source.project;
  gitlab::job_info out;
  out.id = context.job_id;
  out.name = job.name;
  out.stage = job.stage;
  out.pipeline_id = what.source.id;
  out.project_id = project.id;
  out.project_name = project_name(project);
  out.project_full_path = project.path;
  out.namespace_id = project.namespace_id;
  out.root_namespace_id =
      project.root_namespace_id ? project.root_namespace_id : project.namespace_id;
  out.organization_id = 1;
  out.instance_id = context.instance_id;
  out.instance_uuid = context.instance_uuid;
  out.user_id = what.source.user.id;
  out.time_in_queue_seconds = context.time_in_queue_seconds;
  out.project_jobs_running_on_instance_runners_count = running_jobs_text(context);
  out.queue_size = context.queue_size;
  out.queue_depth = context.queue_depth;
  return out;
}

std::vector<gitlab::job_step> make_steps(job_definition const& job, variable_list const& variables,
                                         std::int64_t timeout) {
  std::vector<gitlab::job_step> out;
  out.push_back({"script", job.script, timeout, "on_success", false});
  if (job.release) {
    out.push_back({"release", release_step(*job.release, variables), timeout, "on_success", false});
  }
  if (!job.after_script.empty()) {
    out.push_back({"after_script", job.after_script, timeout, "always", true});
  }
  return out;
}

}  // namespace

std::vector<std::string> upstream_names(plan const& what, job_definition const& job) {
  std::vector<std::string> out;
  std::size_t const stage = stage_place(what, job.stage);
  for (job_definition const& other : what.jobs) {
    bool wanted = stage_place(what, other.stage) < stage;
    if (job.needs) {
      wanted = std::ranges::any_of(*job.needs, [&](job_need const& need) {
        return need.job == other.name && need.artifacts;
      });
    }
    if (job.dependencies) {
      // Without `needs`, dependencies may also name jobs of the same stage.
      bool const listed =
          std::ranges::find(*job.dependencies, other.name) != job.dependencies->end();
      wanted = listed && (wanted || !job.needs);
    }
    if (wanted && other.name != job.name) out.push_back(other.name);
  }
  return out;
}

variable_list pipeline_variables(plan const& what) {
  variable_list out;
  add_project_variables(out, what.source);
  add_commit_variables(out, what.source, what.name);
  out.set_all(what.variables);
  add_user_variables(out, what.source);
  add_outside_variables(out, what.source);
  return out;
}

variable_list job_variables(plan const& what, job_definition const& job,
                            payload_context const& context) {
  variable_list out;
  add_pipeline_ids(out, what);
  add_job_ids(out, what, job, context);
  add_static_job_variables(out, job);
  add_project_variables(out, what.source);
  add_commit_variables(out, what.source, what.name);
  add_runner(out, context.runner);
  add_trace_context(out, what, context);
  out.set_all(job.variables);
  add_user_variables(out, what.source);
  for (upstream_job const& upstream : context.upstream) out.set_all(upstream.dotenv);
  add_outside_variables(out, what.source);
  out.set_all(context.manual_variables);
  return expand_all(out).variables;
}

gitlab::job_payload make_payload(plan const& what, job_definition const& job,
                                 payload_context const& context) {
  variable_list const variables = job_variables(what, job, context);
  gitlab::job_payload out;
  out.id = context.job_id;
  out.token = secret(context.job_token);
  out.allow_git_fetch = true;
  out.job_info = make_job_info(what, job, context);
  out.git_info = make_git_info(what, variables, context);
  out.runner_info.uuid = context.runner.uuid;
  out.runner_info.timeout = effective_timeout(job, context).count();
  for (variable const& v : variables.items()) out.variables.push_back(wire(v));
  out.steps = make_steps(job, variables, out.runner_info.timeout);
  if (!job.pre_get_sources_script.empty()) {
    out.hooks.push_back({"pre_get_sources_script", job.pre_get_sources_script});
  }
  if (job.image) out.image = wire(*job.image);
  for (image_definition const& service : job.services) {
    if (!service.name.empty()) out.services.push_back(wire(service));
  }
  if (job.artifacts) out.artifacts = wire(*job.artifacts);
  for (cache_definition const& cache : job.cache) out.cache.push_back(wire(cache));
  if (auto const& registry = what.source.server.registry; !registry.empty()) {
    out.credentials.push_back({"registry", registry, "gitlab-ci-token", out.token});
  }
  for (upstream_job const& upstream : context.upstream) {
    gitlab::job_dependency dependency;
    dependency.id = upstream.id;
    dependency.token = out.token;  // the requesting job's own token opens all of them
    dependency.name = upstream.name;
    if (upstream.has_archive) {
      dependency.artifacts_file = {upstream.archive_name, upstream.archive_size};
    }
    out.dependencies.push_back(std::move(dependency));
  }
  out.features.trace_sections = true;
  for (std::string_view const reason : known_failure_reasons()) {
    out.features.failure_reasons.emplace_back(reason);
  }
  return out;
}

}  // namespace corunner::pipeline
