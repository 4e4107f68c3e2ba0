#pragma once

#include <string>
#include <string_view>

namespace corunner::test {

// Requires that `text` equals the file `name` below test/data. With CORUNNER_ACCEPT=1 in the
// environment the file is written instead and the test reports itself as skipped: read the diff.
void check_golden(std::string const& name, std::string_view text);

}  // namespace corunner::test
