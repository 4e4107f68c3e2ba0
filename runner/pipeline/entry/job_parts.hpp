#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runner/pipeline/entry/reader.hpp"
#include "runner/pipeline/entry/rule_entry.hpp"
#include "runner/pipeline/job_definition.hpp"

namespace corunner::pipeline::entry {

image_definition read_image(diagnostics& errors, node const& value, std::string const& path);
std::vector<image_definition> read_services(diagnostics& errors, node const& value,
                                            std::string const& path);

artifacts_definition read_artifacts(diagnostics& errors, node const& value,
                                    std::string const& path);

// A cache whose key may still have to be computed from files.
struct cache_entry {
  cache_definition definition;
  std::vector<std::string> key_files;
  bool by_commits = false;  // key:files_commits
  std::string prefix;
  position where;
  std::string file;
};
std::vector<cache_entry> read_caches(diagnostics& errors, node const& value,
                                     std::string const& path);

retry_policy read_retry(diagnostics& errors, node const& value, std::string const& path);

struct allow_failure_entry {
  bool allowed = false;
  std::vector<int> exit_codes;
};
allow_failure_entry read_allow_failure(diagnostics& errors, node const& value,
                                       std::string const& path);

environment_definition read_environment(diagnostics& errors, node const& value,
                                        std::string const& path);

release_definition read_release(diagnostics& errors, node const& value, std::string const& path);

// `parallel`: how many instances, or the variables of each.
struct parallel_entry {
  int count = 0;  // of a plain number
  std::vector<std::vector<variable>> instances;  // of a matrix
};
parallel_entry read_parallel(diagnostics& errors, node const& value, std::string const& path);

// `only` or `except`.
struct ref_policy {
  std::vector<std::string> refs;
  std::vector<expression::statement> variables;
  std::optional<path_clause> changes;
  bool kubernetes = false;
  position where;
  std::string file;
};
ref_policy read_ref_policy(diagnostics& errors, node const& value, std::string const& path);

// `inherit`; absent members mean everything.
struct inherit_entry {
  std::optional<std::vector<std::string>> defaults;
  std::optional<std::vector<std::string>> variables;
};
inherit_entry read_inherit(diagnostics& errors, node const& value, std::string const& path);

}  // namespace corunner::pipeline::entry
