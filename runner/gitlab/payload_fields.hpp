#pragma once

// The members of every struct of a job payload, named once: reading and writing both walk these
// lists. `like<T>` is T or T const; a visitor is called as v("name", member), v.rare(...) for a
// flag that is left out when false, v.always(...) for a list that is told also when it is empty.

#include "runner/gitlab/job_payload.hpp"

#include <concepts>
#include <type_traits>

namespace corunner::gitlab {

template <class T, class U>
concept like = std::same_as<std::remove_const_t<T>, U>;

template <class V>
void fields(V& v, like<job_variable> auto& o) {
  v("key", o.key);
  v("value", o.value);
  v("public", o.is_public);
  v.rare("file", o.file);
  v("masked", o.masked);
  v.rare("raw", o.raw);
}

template <class V>
void fields(V& v, like<job_info> auto& o) {
  v("id", o.id);
  v("name", o.name);
  v("stage", o.stage);
  v("pipeline_id", o.pipeline_id);
  v("project_id", o.project_id);
  v("project_name", o.project_name);
  v("project_full_path", o.project_full_path);
  v("namespace_id", o.namespace_id);
  v("root_namespace_id", o.root_namespace_id);
  v("organization_id", o.organization_id);
  v("instance_id", o.instance_id);
  v("instance_uuid", o.instance_uuid);
  v("user_id", o.user_id);
  v("scoped_user_id", o.scoped_user_id);
  v("time_in_queue_seconds", o.time_in_queue_seconds);
  v("project_jobs_running_on_instance_runners_count",
    o.project_jobs_running_on_instance_runners_count);
  v("queue_size", o.queue_size);
  v("queue_depth", o.queue_depth);
}

template <class V>
void fields(V& v, like<git_info> auto& o) {
  v("repo_url", o.repo_url);
  v("repo_object_format", o.repo_object_format);
  v("ref", o.ref);
  v("sha", o.sha);
  v("before_sha", o.before_sha);
  v("ref_type", o.ref_type);
  v("refspecs", o.refspecs);
  v("depth", o.depth);
  v("protected", o.protected_);
}

template <class V>
void fields(V& v, like<job_limits> auto& o) {
  v("uuid", o.uuid);
  v("timeout", o.timeout);
}

template <class V>
void fields(V& v, like<job_step> auto& o) {
  v("name", o.name);
  v("script", o.script);
  v("timeout", o.timeout);
  v("when", o.when);
  v("allow_failure", o.allow_failure);
}

template <class V>
void fields(V& v, like<image_port> auto& o) {
  v("number", o.number);
  v("protocol", o.protocol);
  v("name", o.name);
}

template <class V>
void fields(V& v, like<job_image> auto& o) {
  v("name", o.name);
  v("alias", o.alias);
  v("command", o.command);
  v("entrypoint", o.entrypoint);
  v("ports", o.ports);
  v("variables", o.variables);
  v("pull_policy", o.pull_policy);
  v("executor_opts", o.executor_opts);
}

template <class V>
void fields(V& v, like<job_artifact> auto& o) {
  v("name", o.name);
  v("untracked", o.untracked);
  v("paths", o.paths);
  v("exclude", o.exclude);
  v("when", o.when);
  v("artifact_type", o.artifact_type);
  v("artifact_format", o.artifact_format);
  v("expire_in", o.expire_in);
}

template <class V>
void fields(V& v, like<job_cache> auto& o) {
  v("key", o.key);
  v("untracked", o.untracked);
  v("policy", o.policy);
  v("paths", o.paths);
  v("when", o.when);
  v("fallback_keys", o.fallback_keys);
}

template <class V>
void fields(V& v, like<job_credential> auto& o) {
  v("type", o.type);
  v("url", o.url);
  v("username", o.username);
  v("password", o.password);
}

template <class V>
void fields(V& v, like<artifacts_file> auto& o) {
  v("filename", o.filename);
  v("size", o.size);
}

template <class V>
void fields(V& v, like<job_dependency> auto& o) {
  v("id", o.id);
  v("token", o.token);
  v("name", o.name);
  v("artifacts_file", o.artifacts_file);
}

template <class V>
void fields(V& v, like<job_tracing::endpoint_auth> auto& o) {
  v("type", o.type);
  v.nested("http_bearer_gcp_oidc",
           [&](auto& inner) { inner("audience", o.http_bearer_gcp_oidc_audience); });
}

template <class V>
void fields(V& v, like<job_tracing::otel_endpoint> auto& o) {
  v("url", o.url);
  v("auth", o.auth);
}

template <class V>
void fields(V& v, like<job_tracing> auto& o) {
  v("trace_id", o.trace_id);
  v("span_parent_id", o.span_parent_id);
  v("otel_endpoints", o.otel_endpoints);
}

template <class V>
void fields(V& v, like<job_features> auto& o) {
  v("trace_sections", o.trace_sections);
  v("token_mask_prefixes", o.token_mask_prefixes);
  v("failure_reasons", o.failure_reasons);
  v("tracing", o.tracing);
}

template <class V>
void fields(V& v, like<job_hook> auto& o) {
  v("name", o.name);
  v("script", o.script);
}

template <class V>
void fields(V& v, like<policy_options> auto& o) {
  v.rare("execution_policy_job", o.execution_policy_job);
  v("policy_name", o.policy_name);
  v("policy_variables_override_allowed", o.policy_variables_override_allowed);
  v("policy_variables_override_exceptions", o.policy_variables_override_exceptions);
}

template <class V>
void fields(V& v, like<suspend_options> auto& o) {
  v.rare("suspend_on_success", o.suspend_on_success);
  v.rare("suspend_on_failure", o.suspend_on_failure);
  v("runtime_environment_key", o.runtime_environment_key);
}

template <class V>
void fields(V& v, like<vault_secret::auth_method> auto& o) {
  v("name", o.name);
  v("path", o.path);
  v("data", o.data);
}

template <class V>
void fields(V& v, like<vault_secret::vault_server> auto& o) {
  v("url", o.url);
  v("namespace", o.namespace_);
  v("auth", o.auth);
}

template <class V>
void fields(V& v, like<vault_secret::secret_engine> auto& o) {
  v("name", o.name);
  v("path", o.path);
}

template <class V>
void fields(V& v, like<vault_secret> auto& o) {
  v("server", o.server);
  v("engine", o.engine);
  v("path", o.path);
  v("field", o.field);
}

template <class V>
void fields(V& v, like<gcp_secret::gcp_server> auto& o) {
  v("project_number", o.project_number);
  v("workload_identity_federation_pool_id", o.workload_identity_federation_pool_id);
  v("workload_identity_federation_provider_id", o.workload_identity_federation_provider_id);
  v("jwt", o.jwt);
}

template <class V>
void fields(V& v, like<gcp_secret> auto& o) {
  v("name", o.name);
  v("version", o.version);
  v("server", o.server);
}

template <class V>
void fields(V& v, like<azure_secret::azure_server> auto& o) {
  v("client_id", o.client_id);
  v("tenant_id", o.tenant_id);
  v("jwt", o.jwt);
  v("url", o.url);
}

template <class V>
void fields(V& v, like<azure_secret> auto& o) {
  v("name", o.name);
  v("version", o.version);
  v("server", o.server);
}

template <class V>
void fields(V& v, like<aws_secret::aws_server> auto& o) {
  v("region", o.region);
  v("jwt", o.jwt);
  v("role_arn", o.role_arn);
  v("role_session_name", o.role_session_name);
}

template <class V>
void fields(V& v, like<aws_secret> auto& o) {
  v("secret_id", o.secret_id);
  v("version_id", o.version_id);
  v("version_stage", o.version_stage);
  v("field", o.field);
  v("region", o.region);
  v("role_arn", o.role_arn);
  v("role_session_name", o.role_session_name);
  v("server", o.server);
}

template <class V>
void fields(V& v, like<native_secret::inline_auth_method> auto& o) {
  v("path", o.path);
  v("jwt", o.jwt);
  v("role", o.role);
  v("auth_mount", o.auth_mount);
}

template <class V>
void fields(V& v, like<native_secret::native_server> auto& o) {
  v("url", o.url);
  v("inline_auth", o.inline_auth);
}

template <class V>
void fields(V& v, like<native_secret> auto& o) {
  v("server", o.server);
  v("engine", o.engine);
  v("path", o.path);
  v("field", o.field);
}

template <class V>
void fields(V& v, like<job_secret> auto& o) {
  v("vault", o.vault);
  v("gcp_secret_manager", o.gcp_secret_manager);
  v("azure_key_vault", o.azure_key_vault);
  v("aws_secrets_manager", o.aws_secrets_manager);
  v("gitlab_secrets_manager", o.gitlab_secrets_manager);
  v("file", o.file);
}

template <class V>
void fields(V& v, like<job_payload> auto& o) {
  v("id", o.id);
  v("token", o.token);
  v("allow_git_fetch", o.allow_git_fetch);
  v("job_info", o.job_info);
  v("git_info", o.git_info);
  v("runner_info", o.runner_info);
  v.always("inputs", o.inputs);
  v.always("variables", o.variables);
  v.always("steps", o.steps);
  v("image", o.image);
  v.always("services", o.services);
  v("artifacts", o.artifacts);
  v.always("cache", o.cache);
  v.always("credentials", o.credentials);
  v.always("dependencies", o.dependencies);
  v("features", o.features);
  v("secrets", o.secrets);
  v.always("hooks", o.hooks);
  v("run", o.run);
  v("policy_options", o.policy_options);
  v("suspend_options", o.suspend_options);
}

}  // namespace corunner::gitlab
