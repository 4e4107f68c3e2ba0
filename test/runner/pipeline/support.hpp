#pragma once

#include "runner/pipeline/pipeline.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::pipeline::test {

// A repository in memory.
class memory_files : public file_reader {
 public:
  memory_files() = default;
  explicit memory_files(std::map<std::string, std::string, std::less<>> files)
      : files_(std::move(files)) {}

  std::optional<std::string> read(std::string_view path) override {
    auto const found = files_.find(path);
    if (found == files_.end()) return std::nullopt;
    return found->second;
  }
  std::vector<std::string> list() override {
    std::vector<std::string> out;
    for (auto const& [path, content] : files_) out.push_back(path);
    return out;
  }
  std::optional<std::vector<std::string>> changed_paths(std::string_view compare_to) override {
    compared_to.emplace_back(compare_to);
    return changed;
  }
  bool has_ref(std::string_view ref) override { return ref != "nowhere"; }

  std::optional<std::vector<std::string>> changed;
  std::vector<std::string> compared_to;

 private:
  std::map<std::string, std::string, std::less<>> files_;
};

// A push to the branch `feature` of `group/sub/demo` on gitlab.example.com.
inline pipeline_source branch_source() {
  pipeline_source out;
  out.id = 77;
  out.iid = 7;
  out.created_at = "2026-11-20T10:00:00Z";
  out.commit.sha = "4f3c2b1a0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a";
  out.commit.ref = "feature/Big_One";
  out.commit.message = "Add ignition\n\nIt burns.\n";
  out.commit.author = "A Person <person@example.com>";
  out.commit.timestamp = "2026-11-20T09:59:00+01:00";
  out.project.id = 42;
  out.project.path = "group/sub/demo";
  out.project.namespace_id = 5;
  out.project.root_namespace_id = 3;
  out.server.url = "https://gitlab.example.com";
  out.server.coordinator_url = "http://127.0.0.1:8093";
  out.server.revision = "abcdef12";
  out.user = {1, "person", "person@example.com", "A Person"};
  return out;
}

inline evaluation evaluate_text(std::string_view text,
                                pipeline_source const& source = branch_source()) {
  memory_files files;
  return evaluate(text, files, source);
}

// The plan of a text that must be good; its errors are the message of the exception otherwise.
inline plan plan_of(std::string_view text, file_reader& files,
                    pipeline_source const& source = branch_source()) {
  evaluation result = evaluate(text, files, source);
  if (result.outcome != verdict::planned) {
    throw std::runtime_error("no plan: " + to_string(result.errors) + result.note);
  }
  return std::move(result.plan);
}

inline plan plan_of(std::string_view text, pipeline_source const& source = branch_source()) {
  memory_files files;
  return plan_of(text, files, source);
}

inline job_definition const* find_job(plan const& from, std::string_view name) {
  for (job_definition const& job : from.jobs) {
    if (job.name == name) return &job;
  }
  return nullptr;
}

inline std::vector<std::string> names(plan const& from) {
  std::vector<std::string> out;
  for (job_definition const& job : from.jobs) out.push_back(job.name);
  return out;
}

inline std::optional<std::string> value_of(std::vector<variable> const& list,
                                           std::string_view key) {
  for (variable const& v : list) {
    if (v.key == key) return v.value;
  }
  return std::nullopt;
}

// The messages of a text that must be wrong, one per line.
inline std::string errors_of(std::string_view text, file_reader& files,
                             pipeline_source const& source = branch_source()) {
  return to_string(evaluate(text, files, source).errors);
}

inline std::string errors_of(std::string_view text,
                             pipeline_source const& source = branch_source()) {
  memory_files files;
  return errors_of(text, files, source);
}

}  // namespace corunner::pipeline::test
