#pragma once

#include "runner/coordinator/api/router.hpp"
#include "runner/coordinator/faults.hpp"

#include <functional>
#include <optional>

namespace corunner::coordinator {

// Answers one request of any kind: API, git, or what we do not know.
class dispatcher {
 public:
  explicit dispatcher(context& in);
  awaitable<void> handle(net::http_exchange& exchange);
  router const& endpoints() const { return router_; }

 private:
  awaitable<void> route_request(net::http_exchange& exchange);
  awaitable<void> handle_api(net::http_exchange& exchange);
  awaitable<void> handle_git(net::http_exchange& exchange);
  // The answer to a request too many.
  std::optional<reply> rate_limited(route const& entry, api_request const& request);
  awaitable<void> run(route const& entry, api_request& request);
  awaitable<void> run_with_fault(route const& entry, api_request& request);
  // Answers falsely, after doing truly what was asked if the fault wants that.
  awaitable<void> falsify(net::http_exchange& exchange, fault const& how,
                          std::function<awaitable<void>(net::http_exchange&)> truly);

  context& in_;
  router router_;
};

// Sends an answer with the fields that every answer has.
awaitable<error_code> send(net::http_exchange& exchange, reply answer);
// Those fields, for handlers that stream.
net::http_fields standard_fields(net::http_exchange const& exchange, net::http_fields more = {});

}  // namespace corunner::coordinator
