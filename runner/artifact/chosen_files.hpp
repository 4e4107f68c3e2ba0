#pragma once

#include "exec/archive/archive_source.hpp"
#include "exec/archive/file_selection.hpp"
#include "runner/artifact/artifact_context.hpp"

#include <memory>
#include <string>
#include <vector>

namespace corunner {

// What an archive shall hold: --path, --exclude, --untracked (helper.md 4).
struct file_choice {
  std::vector<std::string> paths;     // expanded like words of a shell, see expand_word
  std::vector<std::string> excludes;  // likewise
  bool untracked = false;
};

// Finds the files below the working directory, on the pool, and logs what GitLab's helper says of
// it. Notes that are added to the selection later have to be logged with log_notes.
awaitable<exec::file_selection> choose_files(artifact_context& context, file_choice choice);

// Logs the selection's notes from number `from` on; how many there are.
std::size_t log_notes(artifact_context& context, exec::file_selection const& selection,
                      std::size_t from = 0);

// How the entries are packed; an unknown level is a warning and the default one.
std::shared_ptr<exec::archive_plan const> plan_archive(artifact_context& context,
                                                       std::vector<exec::archive_entry> entries,
                                                       exec::archive_format format,
                                                       std::string const& level);

// The archive of a plan; one that fails at once when the variables about packing make no sense.
std::unique_ptr<exec::archive_source> pack(asio::any_io_executor loop, artifact_context& context,
                                           std::shared_ptr<exec::archive_plan const> plan);

}  // namespace corunner
