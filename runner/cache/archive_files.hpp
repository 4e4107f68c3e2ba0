#pragma once

#include "exec/archive/archive_entry.hpp"
#include "net/blocking_pool.hpp"
#include "net/time_source.hpp"
#include "runner/artifact/staged_file.hpp"
#include "runner/cache/cache_options.hpp"

#include <optional>
#include <string>
#include <vector>

namespace corunner {

// The files of one key on disk: cache.zip and, beside it, metadata.json (helper.md 9.2). Everything
// here blocks but is small. Paths may be relative.

// The directory that a file is in.
std::string directory_of(std::string const& file);
// And the name that it has there.
std::string base_name(std::string const& file);

// Makes the directory of `file` and those above it, for us alone; why not, or nothing.
std::string make_directory_of(std::string const& file);

// When it was changed; nothing when it is not there. A failure to look is told in `failure`.
std::optional<net::time_source::wall_time> modified_at(std::string const& file,
                                                       std::string& failure);

// True when one of the entries, directories and links too, is younger than that.
bool any_younger(std::vector<exec::archive_entry> const& entries,
                 net::time_source::wall_time than);

// An archive that grows out of sight in the directory of `file`, to be published as that.
staged_name hidden_archive(std::string prefix);

// Replaces metadata.json beside `archive`; why not, or nothing.
awaitable<std::string> write_metadata(net::blocking_pool& pool, std::string archive,
                                      cache_metadata metadata);

// Removes what killed helpers left in the directory of `file`: where files cannot be hidden, and
// GitLab's helper's, which never are. Only what nobody has written to for a day.
void remove_abandoned(std::string const& file, net::time_source::wall_time now);

// Removes an archive and its metadata: it is no good.
void remove_archive(std::string const& archive);

}  // namespace corunner
