#pragma once

#include "runner/gitlab/job_payload.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace corunner {

// What an expression came to.
struct evaluated {
  boost::json::value value;
  bool sensitive = false;  // a value that must not be shown went into it
  std::size_t length = 0;  // of the expression with the `}}` behind it
};

struct expression_fault {
  bool syntax = false;  // else: it can be read, but not evaluated
  std::string message;
};

// Reads and evaluates the expression that `text` begins with, up to its `}}`: literals, operators,
// arrays, objects, access by .name and [index], str(), num(), bool(), and the inputs of a job as
// job.inputs. Language: "Moa expression language" in GitLab's documentation (ci/functions/moa).
std::variant<evaluated, expression_fault> evaluate(std::string_view text,
                                                   std::vector<gitlab::job_input> const& inputs);

}  // namespace corunner
