#pragma once

#include "exec/archive/buffered_source.hpp"
#include "exec/archive/member_stream.hpp"

#include <memory>

namespace corunner::exec {

// One gzip member per file, in the order of the plan, with the file's name and path (helper.md
// 5.5). What is no regular file ends it; a file that is gone is a warning.
class gzip_source final : public buffered_source {
 public:
  gzip_source(asio::any_io_executor loop, net::blocking_pool& pool,
              std::shared_ptr<archive_plan const> plan);

 protected:
  awaitable<bool> produce() override;

 private:
  awaitable<bool> begin(archive_entry const& listed);

  asio::any_io_executor loop_;
  net::blocking_pool& pool_;
  std::shared_ptr<archive_plan const> plan_;
  std::size_t next_ = 0;
  std::unique_ptr<member_stream> current_;
};

// The only file of the plan as it is (helper.md 5.6).
class raw_source final : public buffered_source {
 public:
  raw_source(asio::any_io_executor loop, net::blocking_pool& pool,
             std::shared_ptr<archive_plan const> plan);

 protected:
  awaitable<bool> produce() override;

 private:
  std::shared_ptr<archive_plan const> plan_;
  member_stream content_;
  bool opened_ = false;
};

// A name as it stands in a gzip header: "e:" and percent-encoded when it is more than plain ASCII.
std::string gzip_text(std::string_view name);

}  // namespace corunner::exec
