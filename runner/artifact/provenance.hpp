#pragma once

#include "exec/archive/archive_entry.hpp"
#include "runner/artifact/artifact_options.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <utility>
#include <vector>

namespace corunner {

// Who made the files and from what (SLSA provenance v1, helper.md 7.3).
struct provenance_facts {
  std::int64_t job_id = 0;
  std::string version;       // of this program
  std::string revision;
  std::string architecture;
};

using file_digests = std::vector<std::pair<std::string, std::string>>;  // path, SHA-256 in hex

// The statement about those files, or why there can be none.
struct provenance_statement {
  boost::json::object statement;
  std::string failure;
};
provenance_statement make_statement(provenance_options const& options,
                                    provenance_facts const& facts, file_digests const& files);

// The digests of the regular files among `entries`; `failure` when one cannot be read. Blocks.
file_digests digest_files(std::string const& root, std::vector<exec::archive_entry> const& entries,
                          std::string& failure);

// Writes a file of mode 0644, over what is there; why not, or nothing. Blocks.
std::string write_statement(std::string const& path, std::string const& text);

}  // namespace corunner
