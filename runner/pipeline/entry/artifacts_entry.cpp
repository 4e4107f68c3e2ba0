#include <fmt/format.h>

#include <array>

#include "runner/pipeline/entry/job_parts.hpp"

namespace corunner::pipeline::entry {
namespace {

constexpr std::array<std::string_view, 10> artifacts_keys{
    "paths", "exclude", "name", "untracked", "when",
    "expire_in", "expose_as", "public", "access", "reports"};

constexpr std::array<std::string_view, 3> upload_whens{"on_success", "on_failure", "always"};
constexpr std::array<std::string_view, 4> access_levels{"all", "developer", "maintainer", "none"};

constexpr std::string_view report_keys[]{
    "accessibility",       "annotations",        "api_fuzzing",      "browser_performance",
    "codequality",         "container_scanning", "coverage_fuzzing", "coverage_report",
    "cluster_image_scanning", "cyclonedx",       "dast",             "dependency_scanning",
    "dotenv",              "junit",              "license_scanning", "load_performance",
    "lsif",                "metrics",            "performance",      "repository_xray",
    "requirements",        "requirements_v2",    "sarif",            "sast",
    "scip",                "secret_detection",   "terraform",
};

report_definition read_coverage_report(diagnostics& errors, node const& value,
                                       std::string const& path) {
  static constexpr std::array<std::string_view, 2> keys{"coverage_format", "path"};
  static constexpr std::array<std::string_view, 2> formats{"cobertura", "jacoco"};
  report_definition out{"cobertura", {}};
  if (!check_mapping(errors, value, path, {keys})) return out;
  if (node const* const f = given(value, "coverage_format")) {
    out.type = read_choice(errors, *f, path, "coverage format", formats);
  } else {
    fail(errors, value, path, "coverage format can't be blank");
  }
  if (node const* const p = given(value, "path")) {
    out.paths = {read_string(errors, *p, path + ":path")};
  } else {
    fail(errors, value, path, "path can't be blank");
  }
  return out;
}

std::vector<report_definition> read_reports(diagnostics& errors, node const& value,
                                            std::string const& path) {
  std::vector<report_definition> out;
  if (!check_mapping(errors, value, path, {report_keys})) return out;
  for (node::entry const& e : value.entries) {
    if (e.value.is_null()) continue;
    std::string const report_path = path + ":" + e.key;
    if (e.key == "coverage_report") {
      out.push_back(read_coverage_report(errors, e.value, report_path));
    } else {
      out.push_back({e.key, read_string_or_strings(errors, e.value, report_path)});
    }
  }
  return out;
}

void read_access(diagnostics& errors, node const& value, std::string const& path,
                 artifacts_definition& out) {
  node const* const is_public = given(value, "public");
  node const* const access = given(value, "access");
  if (is_public && access) {
    fail(errors, *access, path, "config: these keys cannot be used together: public, access");
  }
  if (is_public && !read_boolean(errors, *is_public, path + ":public")) out.access = "developer";
  if (access) out.access = read_choice(errors, *access, path, "access", access_levels);
}

void read_expose_as(diagnostics& errors, node const& value, std::string const& path,
                    artifacts_definition& out) {
  constexpr std::size_t longest = 100;
  node const* const found = given(value, "expose_as");
  if (!found) return;
  out.expose_as = read_string(errors, *found, path + ":expose_as");
  if (out.expose_as.size() > longest) fail(errors, *found, path, "expose as is too long");
  if (out.paths.empty()) fail(errors, *found, path, "paths can't be blank");
  for (std::string const& p : out.paths) {
    if (p.find('*') == std::string::npos) continue;
    fail(errors, *found, path, "paths can't contain '*' when used with 'expose_as'");
  }
}

}  // namespace

artifacts_definition read_artifacts(diagnostics& errors, node const& value,
                                    std::string const& path) {
  artifacts_definition out;
  if (!check_mapping(errors, value, path, {artifacts_keys})) return out;
  if (node const* const p = given(value, "paths")) {
    out.paths = read_nested_strings(errors, *p, path + ":paths", false);
  }
  if (node const* const e = given(value, "exclude")) {
    out.exclude = read_strings(errors, *e, path + ":exclude");
  }
  if (node const* const n = given(value, "name")) {
    out.name = read_string(errors, *n, path + ":name");
  }
  if (node const* const u = given(value, "untracked")) {
    out.untracked = read_boolean(errors, *u, path + ":untracked");
  }
  if (node const* const w = given(value, "when")) {
    out.when = read_choice(errors, *w, path, "when", upload_whens);
  }
  if (node const* const e = given(value, "expire_in")) {
    bool const never = e->is_string() && e->text == "never";
    if (never || read_duration(errors, *e, path, "expire in")) out.expire_in = e->text;
  }
  if (node const* const r = given(value, "reports")) {
    out.reports = read_reports(errors, *r, path + ":reports");
  }
  read_access(errors, value, path, out);
  read_expose_as(errors, value, path, out);
  return out;
}

}  // namespace corunner::pipeline::entry
