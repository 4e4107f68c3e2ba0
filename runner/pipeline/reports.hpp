#pragma once

#include <span>
#include <string_view>

namespace corunner::pipeline {

// How one kind of `artifacts:reports` is uploaded.
struct report_kind {
  std::string_view type;
  std::string_view file_name;
  std::string_view format;  // gzip, zip, raw
};

// Null when there is no such kind.
report_kind const* find_report_kind(std::string_view type);

// Every failure reason that GitLab has a name for, as sent in `features.failure_reasons`.
std::span<std::string_view const> known_failure_reasons();

}  // namespace corunner::pipeline
