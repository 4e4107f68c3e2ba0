// Plans, jobs and sources to JSON and back.
//
// Each struct is described once, as a list of names and members; one writer and one reader walk
// these lists, so the two cannot disagree.
#include <boost/json.hpp>

#include <chrono>
#include <stdexcept>
#include <type_traits>

#include "runner/pipeline/pipeline.hpp"

namespace corunner::pipeline {
namespace {

namespace json = boost::json;

template <class T, class U>
concept is_a = std::is_same_v<std::remove_const_t<T>, U>;

void describe(is_a<variable> auto& v, auto&& field) {
  field("key", v.key);
  field("value", v.value);
  field("public", v.is_public);
  field("masked", v.masked);
  field("file", v.file);
  field("raw", v.raw);
}

void describe(is_a<commit_source> auto& c, auto&& field) {
  field("sha", c.sha);
  field("before_sha", c.before_sha);
  field("ref", c.ref);
  field("is_tag", c.is_tag);
  field("ref_protected", c.ref_protected);
  field("tag_message", c.tag_message);
  field("message", c.message);
  field("author", c.author);
  field("timestamp", c.timestamp);
  field("default_branch_base_sha", c.default_branch_base_sha);
}

void describe(is_a<project_source> auto& p, auto&& field) {
  field("id", p.id);
  field("path", p.path);
  field("title", p.title);
  field("description", p.description);
  field("namespace_id", p.namespace_id);
  field("root_namespace_id", p.root_namespace_id);
  field("visibility", p.visibility);
  field("topics", p.topics);
  field("repository_languages", p.repository_languages);
  field("default_branch", p.default_branch);
  field("config_path", p.config_path);
}

void describe(is_a<server_source> auto& s, auto&& field) {
  field("url", s.url);
  field("coordinator_url", s.coordinator_url);
  field("ssh_host", s.ssh_host);
  field("ssh_port", s.ssh_port);
  field("version", s.version);
  field("revision", s.revision);
  field("registry", s.registry);
  field("pages_domain", s.pages_domain);
}

void describe(is_a<user_source> auto& u, auto&& field) {
  field("id", u.id);
  field("login", u.login);
  field("email", u.email);
  field("name", u.name);
}

void describe(is_a<merge_request_source> auto& m, auto&& field) {
  field("id", m.id);
  field("iid", m.iid);
  field("source_branch", m.source_branch);
  field("source_branch_protected", m.source_branch_protected);
  field("target_branch", m.target_branch);
  field("target_branch_protected", m.target_branch_protected);
  field("diff_base_sha", m.diff_base_sha);
  field("title", m.title);
  field("description", m.description);
  field("labels", m.labels);
  field("milestone", m.milestone);
  field("assignees", m.assignees);
}

void describe(is_a<pipeline_source> auto& s, auto&& field) {
  field("id", s.id);
  field("iid", s.iid);
  field("kind", s.kind);
  field("created_at", s.created_at);
  field("local", s.local);
  field("schedule_description", s.schedule_description);
  field("trigger_payload", s.trigger_payload);
  field("open_merge_requests", s.open_merge_requests);
  field("commit", s.commit);
  field("project", s.project);
  field("server", s.server);
  field("user", s.user);
  field("merge_request", s.merge_request);
  field("pipeline_variables", s.pipeline_variables);
  field("project_variables", s.project_variables);
  field("group_variables", s.group_variables);
  field("instance_variables", s.instance_variables);
}

void describe(is_a<job_need> auto& n, auto&& field) {
  field("job", n.job);
  field("artifacts", n.artifacts);
}

void describe(is_a<retry_policy> auto& r, auto&& field) {
  field("max", r.max);
  field("given", r.given);
  field("when", r.when);
  field("exit_codes", r.exit_codes);
}

void describe(is_a<image_definition> auto& i, auto&& field) {
  field("name", i.name);
  field("entrypoint", i.entrypoint);
  field("command", i.command);
  field("alias", i.alias);
  field("pull_policy", i.pull_policy);
  field("variables", i.variables);
  field("docker_platform", i.docker_platform);
  field("docker_user", i.docker_user);
  field("kubernetes_user", i.kubernetes_user);
}

void describe(is_a<report_definition> auto& r, auto&& field) {
  field("type", r.type);
  field("paths", r.paths);
}

void describe(is_a<artifacts_definition> auto& a, auto&& field) {
  field("paths", a.paths);
  field("exclude", a.exclude);
  field("name", a.name);
  field("expose_as", a.expose_as);
  field("untracked", a.untracked);
  field("when", a.when);
  field("expire_in", a.expire_in);
  field("access", a.access);
  field("reports", a.reports);
}

void describe(is_a<cache_definition> auto& c, auto&& field) {
  field("key", c.key);
  field("paths", c.paths);
  field("untracked", c.untracked);
  field("unprotect", c.unprotect);
  field("policy", c.policy);
  field("when", c.when);
  field("fallback_keys", c.fallback_keys);
}

void describe(is_a<environment_definition> auto& e, auto&& field) {
  field("name", e.name);
  field("slug", e.slug);
  field("url", e.url);
  field("action", e.action);
  field("tier", e.tier);
  field("on_stop", e.on_stop);
  field("auto_stop_in", e.auto_stop_in);
}

void describe(is_a<release_link> auto& l, auto&& field) {
  field("name", l.name);
  field("url", l.url);
  field("filepath", l.filepath);
  field("link_type", l.link_type);
}

void describe(is_a<release_definition> auto& r, auto&& field) {
  field("tag_name", r.tag_name);
  field("description", r.description);
  field("tag_message", r.tag_message);
  field("name", r.name);
  field("ref", r.ref);
  field("released_at", r.released_at);
  field("milestones", r.milestones);
  field("links", r.links);
}

void describe(is_a<job_definition> auto& j, auto&& field) {
  field("name", j.name);
  field("group_name", j.group_name);
  field("stage", j.stage);
  field("when", j.when);
  field("start_in", j.start_in);
  field("allow_failure", j.allow_failure);
  field("allow_failure_exit_codes", j.allow_failure_exit_codes);
  field("needs", j.needs);
  field("dependencies", j.dependencies);
  field("retry", j.retry);
  field("tags", j.tags);
  field("variables", j.variables);
  field("script", j.script);
  field("after_script", j.after_script);
  field("pre_get_sources_script", j.pre_get_sources_script);
  field("image", j.image);
  field("services", j.services);
  field("artifacts", j.artifacts);
  field("cache", j.cache);
  field("environment", j.environment);
  field("release", j.release);
  field("timeout", j.timeout);
  field("interruptible", j.interruptible);
  field("resource_group", j.resource_group);
  field("coverage", j.coverage);
  field("manual_confirmation", j.manual_confirmation);
  field("node_index", j.node_index);
  field("node_total", j.node_total);
}

void describe(is_a<plan> auto& p, auto&& field) {
  field("source", p.source);
  field("name", p.name);
  field("stages", p.stages);
  field("variables", p.variables);
  field("jobs", p.jobs);
  field("cancel_on_job_failure", p.cancel_on_job_failure);
}

json::value write(bool b) { return b; }
json::value write(int i) { return i; }
json::value write(std::int64_t i) { return i; }
json::value write(std::string const& s) { return json::string(s); }
json::value write(std::chrono::seconds s) { return s.count(); }
json::value write(job_when w) { return json::string(to_string(w)); }

template <class T>
json::value write(std::vector<T> const& list);
template <class T>
json::value write(std::optional<T> const& maybe);

template <class T>
  requires std::is_class_v<T>
json::value write(T const& what) {
  json::object out;
  describe(what, [&out](std::string_view name, auto const& member) { out[name] = write(member); });
  return out;
}

template <class T>
json::value write(std::vector<T> const& list) {
  json::array out;
  for (T const& item : list) out.push_back(write(item));
  return out;
}

template <class T>
json::value write(std::optional<T> const& maybe) {
  if (!maybe) return nullptr;
  return write(*maybe);
}

void read(json::value const& from, bool& to) { to = from.as_bool(); }
void read(json::value const& from, int& to) { to = from.to_number<int>(); }
void read(json::value const& from, std::int64_t& to) { to = from.to_number<std::int64_t>(); }
void read(json::value const& from, std::string& to) { to = from.as_string(); }
void read(json::value const& from, std::chrono::seconds& to) {
  to = std::chrono::seconds(from.to_number<std::int64_t>());
}
void read(json::value const& from, job_when& to) {
  std::optional<job_when> const when = job_when_from(from.as_string());
  if (!when) throw std::invalid_argument("unknown `when` in a stored job");
  to = *when;
}

template <class T>
void read(json::value const& from, std::vector<T>& to);
template <class T>
void read(json::value const& from, std::optional<T>& to);

template <class T>
  requires std::is_class_v<T>
void read(json::value const& from, T& to) {
  json::object const& object = from.as_object();
  // A member that an older version did not write keeps its default.
  describe(to, [&object](std::string_view name, auto& member) {
    if (json::value const* const found = object.if_contains(name)) read(*found, member);
  });
}

template <class T>
void read(json::value const& from, std::vector<T>& to) {
  to.clear();
  for (json::value const& item : from.as_array()) read(item, to.emplace_back());
}

template <class T>
void read(json::value const& from, std::optional<T>& to) {
  to.reset();
  if (!from.is_null()) read(from, to.emplace());
}

template <class T>
T read_all(json::value const& from) {
  T out;
  read(from, out);
  return out;
}

}  // namespace

json::value to_json(pipeline_source const& source) { return write(source); }
json::value to_json(job_definition const& job) { return write(job); }
json::value to_json(plan const& what) { return write(what); }

pipeline_source pipeline_source_from_json(json::value const& value) {
  return read_all<pipeline_source>(value);
}
job_definition job_definition_from_json(json::value const& value) {
  return read_all<job_definition>(value);
}
plan plan_from_json(json::value const& value) { return read_all<plan>(value); }

}  // namespace corunner::pipeline
