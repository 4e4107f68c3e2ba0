#pragma once

#include "runner/coordinator/storage/records.hpp"

#include <boost/json/object.hpp>

namespace corunner::coordinator {

struct context;

boost::json::object user_json(context& in, user_record const& user);
boost::json::object project_json(context& in, project_record const& project);
boost::json::object pipeline_json(context& in, pipeline_record const& pipeline);
// With `trace` {size, checksum, intact}, which GitLab does not have.
boost::json::object job_json(context& in, job_record const& job);

}  // namespace corunner::coordinator
