#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/context.hpp"

namespace corunner::coordinator {

namespace {

// {"endpoint", "requests", "period"}: so many with one token in each period of so many seconds.
// Periods begin where the clock divides by them.
reply set_limit(context& in, api_request& request) {
  auto& params = request.params;
  auto const endpoint = params.require("endpoint");
  auto const requests = params.integer("requests").value_or(0);
  auto const period = params.integer("period").value_or(60);
  constexpr std::int64_t most = 24 * 3600;
  if (requests < 0) params.fault("requests is invalid");
  if (period < 1 || period > most) params.fault("period is invalid");
  if (!params.good()) return error_reply(400, params.faults());
  in.limits.set(endpoint, requests, period * 1000);
  return empty_reply(204);
}

reply clear_limits(context& in, api_request&) {
  in.limits.clear();
  return empty_reply(204);
}

constexpr route table[] = {
    {"POST", "/_test/rate_limits", "rate_limits", set_limit},
    {"DELETE", "/_test/rate_limits", "rate_limits", clear_limits},
};

}  // namespace

std::span<route const> rate_limit_routes() { return table; }

}  // namespace corunner::coordinator
