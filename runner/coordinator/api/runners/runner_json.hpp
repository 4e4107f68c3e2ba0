#pragma once

#include "runner/coordinator/api/access/rights.hpp"
#include "runner/coordinator/storage/records.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace corunner::coordinator {

struct context;

// Runners as clients see them (runners-api.md 2.2, 2.3).
boost::json::object runner_json(context& in, runner_record const& runner);
// `viewer`: the note is shown to who may change the runner, a project to who sees it.
boost::json::object runner_details_json(context& in, runner_record const& runner,
                                        rights const& viewer, bool with_projects);
boost::json::object manager_json(context& in, manager_record const& manager);
// {"id", "token", "token_expires_at"}
boost::json::object registration_json(runner_record const& runner, std::string const& token);
// {"token", "token_expires_at"}
boost::json::object new_token_json(runner_record const& runner, std::string const& token);

}  // namespace corunner::coordinator
