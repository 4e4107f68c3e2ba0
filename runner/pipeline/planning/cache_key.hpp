#pragma once

#include "runner/pipeline/entry/job_parts.hpp"
#include "runner/pipeline/pipeline.hpp"

namespace corunner::pipeline::planning {

// The caches of a job with the keys that are sent to the runner.
//
// `key:files` becomes a digest of git's blob ids, and every key gets GitLab's suffix for protected
// or unprotected refs: caches are shared with a real GitLab only when names agree.
// Rules: spec/local-pipelines.md section 11.4.
std::vector<cache_definition> compute_caches(diagnostics& errors,
                                             std::vector<entry::cache_entry> const& caches,
                                             file_reader& files, bool ref_protected);

// The id that git gives a file of this content (SHA-1 repositories).
std::string blob_id(std::string_view content);

}  // namespace corunner::pipeline::planning
