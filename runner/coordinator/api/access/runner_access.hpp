#pragma once

#include "runner/coordinator/api/access/authorization.hpp"
#include "runner/coordinator/api/access/rights.hpp"

namespace corunner::coordinator {

// Finds what the path of a management call names, in GitLab's order of refusals: the caller, the
// parameters, the thing itself, the right to it.
//
// `params` of the request must have been read (so that their faults are known) before.

// The runner whose id is the n-th capture, for a user who `may` do this with it.
admitted<runner_record> runner_of_path(context& in, api_request& request, user_record const& user,
                                       bool (rights::*may)(runner_record const&) const,
                                       std::size_t place = 0);
// The project or group of the first capture (id or path), for a user with that role in it. Who does
// not see a project is told that there is none.
admitted<project_record> project_of_path(context& in, api_request& request, user_record const& user,
                                         role at_least);
struct known_group {
  std::int64_t id = 0;
  std::string path;
};
admitted<known_group> group_of_path(context& in, api_request& request, user_record const& user,
                                             role at_least);

}  // namespace corunner::coordinator
