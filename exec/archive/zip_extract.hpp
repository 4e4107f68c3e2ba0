#pragma once

#include "exec/archive/extract.hpp"
#include "exec/archive/input_file.hpp"

#include <memory>
#include <string>

namespace corunner::exec {

// extract_archive for a zip.
awaitable<extract_outcome> extract_zip(net::blocking_pool& pool,
                                       std::shared_ptr<input_file const> file, std::string root,
                                       unsigned workers);

}  // namespace corunner::exec
