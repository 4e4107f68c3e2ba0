#pragma once

#include "net/asio.hpp"
#include "runner/trace/spool.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// The few files that must survive our death, by name. A small interface, so that a test can tear a
// write, lose what was not synced, or be full.
//
// What was written and not synced may be lost with the machine's power, each file for itself: a
// byte of it is then as it was written, zero, or not there; a file that was made is not there, one
// that was removed is there again.
class journal_storage {
 public:
  virtual ~journal_storage() = default;

  virtual std::vector<std::string> names() = 0;
  // Adds to the end of a file, which is made if it is not there. After an error any part may be
  // there.
  virtual error_code append(std::string const& name, std::string_view bytes) = 0;
  virtual result<std::string> read(std::string const& name) = 0;
  virtual result<std::uint64_t> size(std::string const& name) = 0;
  // A file as a spool; it stays when the spool goes.
  virtual result<std::unique_ptr<spool>> open_spool(std::string const& name) = 0;
  virtual void remove(std::string const& name) = 0;
  // Brings what was written to the disk, in this order. May run on another thread.
  virtual error_code sync(std::vector<std::string> const& names) = 0;
  // Differs when the machine was started again; empty when nobody knows.
  virtual std::string machine_start() { return {}; }
};

// For processes whose jobs nobody can finish after them (`corunner local`): logs are temporary
// files, and nothing else is kept.
std::unique_ptr<journal_storage> make_scratch_storage();

}  // namespace corunner
