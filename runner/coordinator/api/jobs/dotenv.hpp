#pragma once

#include "runner/coordinator/storage/records.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace corunner::coordinator {

// The variables of a dotenv report, or why GitLab refuses it (runners-api.md 5.7).
struct dotenv_report {
  std::vector<job_variable_record> variables;
  std::string refusal;
};

dotenv_report parse_dotenv(std::string_view text);
// The same for a report as uploaded.
dotenv_report parse_gzipped_dotenv(std::string_view gzip);

inline constexpr std::size_t most_of_a_dotenv = 5120;

}  // namespace corunner::coordinator
