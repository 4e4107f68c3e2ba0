#pragma once

#include "exec/archive/archive_entry.hpp"
#include "net/blocking_pool.hpp"
#include "net/http_message.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::exec {

// The archives that go to GitLab (helper.md 5). gzip is one member per file, raw one file as it is.
enum class archive_format { zip, zip_zstd, tar_zstd, gzip, raw };

// "zip" and "" are zip; case counts. Nothing for a name that is none.
std::optional<archive_format> parse_archive_format(std::string_view name);

enum class compression_level { fastest, fast, normal, slow, slowest };

// "default" and "" are normal.
std::optional<compression_level> parse_compression_level(std::string_view name);

struct archive_plan {
  std::string root;                    // absolute
  std::vector<archive_entry> entries;  // sorted by path
  archive_format format = archive_format::zip;
  compression_level level = compression_level::normal;
  unsigned workers = 2;                // how much may be in work ahead of the reader
};

// The bytes of an archive, made while they are read: its size is not known before the end.
//
// Files are read and packed on the pool, ahead of the reader by a bounded amount, and as they are
// then, not as they were when listed. A failure ends the archive; failure() says why in words for
// people. Destroying it at any time is fine; work on the pool ends by itself.
class archive_source : public net::body_source {
 public:
  std::string const& failure() const { return failure_; }
  // Files that were left out, e.g. because they vanished.
  std::vector<std::string> const& warnings() const { return warnings_; }

 protected:
  std::string failure_;
  std::vector<std::string> warnings_;
};

// `loop` is where read_some will be awaited; the pool must outlive the source and its work.
std::unique_ptr<archive_source> open_archive(asio::any_io_executor loop, net::blocking_pool& pool,
                                             std::shared_ptr<archive_plan const> plan);

}  // namespace corunner::exec
