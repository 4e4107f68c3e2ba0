#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/context.hpp"

namespace corunner::coordinator {

namespace {

reply add_fault(context& in, api_request& request) {
  auto& params = request.params;
  fault what;
  what.endpoint = params.require("endpoint");
  what.times = static_cast<int>(params.integer("times").value_or(1));
  what.skip = static_cast<int>(params.integer("skip").value_or(0));
  what.lasting = std::chrono::milliseconds(params.integer("lasting_ms").value_or(0));
  what.state = params.text("fits_state").value_or("");
  what.job = params.integer("fits_job").value_or(0);
  what.token = params.text("fits_token").value_or("");
  what.delay = std::chrono::milliseconds(params.integer("delay_ms").value_or(0));
  what.perform = params.boolean("perform").value_or(false);
  what.drop = params.boolean("drop").value_or(false);
  what.status = static_cast<int>(params.integer("status").value_or(0));
  what.body = params.text("body");
  what.content_type = params.text("content_type");
  if (auto const bytes = params.integer("cut")) what.cut = static_cast<std::uint64_t>(*bytes);
  what.trickle = std::chrono::milliseconds(params.integer("trickle_ms").value_or(0));
  what.job_status = params.text("job_status").value_or("");
  if (auto const seconds = params.integer("interval")) what.interval = static_cast<int>(*seconds);
  if (auto const end = params.integer("range_end")) {
    what.range_end = static_cast<std::uint64_t>(*end);
  }
  if (auto const seconds = params.integer("retry_after")) {
    what.retry_after = static_cast<int>(*seconds);
  }
  what.location = params.text("location").value_or("");
  if (!params.good()) return error_reply(400, params.faults());
  in.faults.add(std::move(what));
  return empty_reply(204);
}

// What became of them, in the order in which they were ordered.
reply show_faults(context& in, api_request&) {
  boost::json::array all;
  for (auto const& [what, turns, later, end] : in.faults.entries()) {
    all.push_back(boost::json::object{{"endpoint", what.endpoint},
                                      {"fits_job", what.job},
                                      {"fits_state", what.state},
                                      {"turns", turns},
                                      {"later", later}});
  }
  return json_reply(200, all);
}

reply clear_faults(context& in, api_request&) {
  in.faults.clear();
  return empty_reply(204);
}

constexpr route table[] = {
    {"POST", "/_test/faults", "faults", add_fault},
    {"GET", "/_test/faults", "faults", show_faults},
    {"DELETE", "/_test/faults", "faults", clear_faults},
};

}  // namespace

std::span<route const> fault_routes() { return table; }

}  // namespace corunner::coordinator
