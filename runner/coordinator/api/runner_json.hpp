#pragma once

#include "runner/coordinator/storage/records.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace corunner::coordinator {

struct context;

// The value of `status` (runners-api.md 2.4): the deprecated form that the REST API shows.
std::string rest_status(runner_record const& runner, milliseconds_since_epoch now);
// online, offline, stale, never_contacted by the time of the last contact.
std::string contact_status(maybe_time contacted_at, milliseconds_since_epoch created_at,
                           milliseconds_since_epoch now);
// Whether a list filter keeps the runner: these are conditions of their own, not the above.
bool passes_status_filter(runner_record const& runner, std::string const& filter,
                          milliseconds_since_epoch now);

boost::json::object runner_json(context& in, runner_record const& runner);
boost::json::object runner_details_json(context& in, runner_record const& runner, bool with_projects);
boost::json::object manager_json(context& in, manager_record const& manager);
// {"id", "token", "token_expires_at"}
boost::json::object registration_json(runner_record const& runner, std::string const& token);

}  // namespace corunner::coordinator
