#include "runner/pipeline/reports.hpp"

#include <algorithm>
#include <iterator>

namespace corunner::pipeline {
namespace {

constexpr report_kind report_kinds[]{
    {"junit", "junit.xml", "gzip"},
    {"dotenv", ".env", "gzip"},
    {"cobertura", "cobertura-coverage.xml", "gzip"},
    {"jacoco", "jacoco-coverage.xml", "gzip"},
    {"cyclonedx", "gl-sbom.cdx.json", "gzip"},
    {"annotations", "gl-annotations.json", "gzip"},
    {"metrics", "metrics.txt", "gzip"},
    {"repository_xray", "gl-repository-xray.json", "gzip"},
    {"lsif", "lsif.json", "zip"},
    {"scip", "index.scip", "zip"},
    {"accessibility", "gl-accessibility.json", "raw"},
    {"codequality", "gl-code-quality-report.json", "raw"},
    {"terraform", "tfplan.json", "raw"},
    {"sast", "gl-sast-report.json", "raw"},
    {"secret_detection", "gl-secret-detection-report.json", "raw"},
    {"dependency_scanning", "gl-dependency-scanning-report.json", "raw"},
    {"container_scanning", "gl-container-scanning-report.json", "raw"},
    {"cluster_image_scanning", "gl-cluster-image-scanning-report.json", "raw"},
    {"dast", "gl-dast-report.json", "raw"},
    {"license_scanning", "gl-license-scanning-report.json", "raw"},
    {"coverage_fuzzing", "gl-coverage-fuzzing.json", "raw"},
    {"api_fuzzing", "gl-api-fuzzing-report.json", "raw"},
    {"performance", "performance.json", "raw"},
    {"browser_performance", "browser-performance.json", "raw"},
    {"load_performance", "load-performance.json", "raw"},
    {"requirements", "requirements.json", "raw"},
    {"requirements_v2", "requirements_v2.json", "raw"},
    {"sarif", "gl-sarif-report.sarif", "raw"},
};

constexpr std::string_view failure_reasons[]{
    "unknown_failure",
    "script_failure",
    "api_failure",
    "stuck_or_timeout_failure",
    "runner_system_failure",
    "missing_dependency_failure",
    "runner_unsupported",
    "stale_schedule",
    "job_execution_timeout",
    "archived_failure",
    "unmet_prerequisites",
    "scheduler_failure",
    "data_integrity_failure",
    "forward_deployment_failure",
    "user_blocked",
    "project_deleted",
    "ci_quota_exceeded",
    "pipeline_loop_detected",
    "no_matching_runner",
    "trace_size_exceeded",
    "builds_disabled",
    "environment_creation_failure",
    "deployment_rejected",
    "failed_outdated_deployment_job",
    "job_execution_server_timeout",
    "stuck_pending_with_matching_runners",
    "stuck_pending_no_matching_runners",
    "no_updates_running",
    "no_updates_canceling",
    "server_timeout_running",
    "server_timeout_canceling",
    "runner_configuration_error",
    "runner_external_dependency_failure",
    "runner_interrupted",
    "protected_environment_failure",
    "insufficient_bridge_permissions",
    "downstream_bridge_project_not_found",
    "invalid_bridge_trigger",
    "upstream_bridge_project_not_found",
    "insufficient_upstream_permissions",
    "bridge_pipeline_is_child_pipeline",
    "downstream_pipeline_creation_failed",
    "secrets_provider_not_found",
    "reached_max_descendant_pipelines_depth",
    "ip_restriction_failure",
    "reached_max_pipeline_hierarchy_size",
    "reached_downstream_pipeline_trigger_rate_limit",
    "duo_workflow_not_allowed",
    "job_router_failure",
    "job_token_expired",
};

}  // namespace

report_kind const* find_report_kind(std::string_view type) {
  auto const found = std::ranges::find(report_kinds, type, &report_kind::type);
  return found == std::end(report_kinds) ? nullptr : &*found;
}

std::span<std::string_view const> known_failure_reasons() { return failure_reasons; }

}  // namespace corunner::pipeline
