#pragma once

#include "runner/coordinator/api/router.hpp"

#include <boost/json/array.hpp>

#include <functional>

namespace corunner::coordinator {

// One page of a list, with the headers that clients follow (runners-api.md 1.5). `item` makes the
// JSON of the n-th of `total`.
reply page_reply(context& in, api_request& request, std::size_t total,
                 std::function<boost::json::value(std::size_t)> const& item);

}  // namespace corunner::coordinator
