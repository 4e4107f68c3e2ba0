#pragma once

#include "exec/archive/archive_source.hpp"
#include "exec/archive/extract.hpp"
#include "test/exec/archive/scratch.hpp"

#include <string>
#include <vector>

namespace corunner::test {

struct packed_archive {
  std::string bytes;
  std::string failure;
  std::vector<std::string> warnings;
};

// Selects `paths` below `root` and packs them in memory.
packed_archive pack(std::string const& root, std::vector<std::string> const& paths,
                    exec::archive_format format = exec::archive_format::zip,
                    exec::compression_level level = exec::compression_level::normal,
                    std::function<void()> after_listing = {});

// Unpacks `archive` below `root`; why it failed, or nothing.
std::string unpack(std::string const& archive, std::string const& root, unsigned workers = 2);

}  // namespace corunner::test
