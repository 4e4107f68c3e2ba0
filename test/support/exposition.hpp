#pragma once

#include <string>
#include <string_view>

namespace corunner::test {

// What a scraper would refuse in a text of Prometheus format 0.0.4, with the line; empty when
// nothing: every family has HELP and TYPE before its samples and stands once, in order of names;
// names, labels and numbers are well formed; no series stands twice; the last line is ended.
std::string exposition_fault(std::string_view text);

}  // namespace corunner::test
