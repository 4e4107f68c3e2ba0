#include "runner/wrapper/callback_request.hpp"

#include <chrono>
#include <utility>

namespace corunner {

using namespace std::chrono_literals;

result<net::http_request> callback_request(shutdown_callback const& whom) {
  auto target = net::parse_url(whom.url);
  if (!target) return target.error();
  net::http_request request;
  request.method = whom.method.empty() ? "GET" : whom.method;
  request.target = std::move(*target);
  request.fields = whom.headers;
  request.fields.erase("Host");
  request.deadlines.total = 10s;
  return request;
}

}  // namespace corunner
