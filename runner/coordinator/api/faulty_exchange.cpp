#include "runner/coordinator/api/faulty_exchange.hpp"

#include <fmt/format.h>

namespace corunner::coordinator {

net::http_fields false_fields(fault const& what) {
  net::http_fields fields{{"Content-Type", what.content_type}};
  if (!what.job_status.empty()) fields.set("Job-Status", what.job_status);
  if (what.interval) fields.set("X-GitLab-Trace-Update-Interval", std::to_string(*what.interval));
  if (what.range_end) fields.set("Range", fmt::format("0-{}", *what.range_end));
  if (what.retry_after) fields.set("Retry-After", std::to_string(*what.retry_after));
  if (!what.location.empty()) fields.set("Location", what.location);
  return fields;
}

faulty_exchange::faulty_exchange(net::http_exchange& real, fault const& what)
    : real_(real), fault_(what) {
  method = real.method;
  target = real.target;
  path = real.path;
  query = real.query;
  fields = real.fields;
  peer = real.peer;
}

awaitable<result<std::size_t>> faulty_exchange::read_some(asio::mutable_buffer into) {
  return real_.read_some(into);
}

awaitable<result<std::string>> faulty_exchange::read_all(std::size_t limit) {
  return real_.read_all(limit);
}

void faulty_exchange::amend(net::http_fields& answer) const {
  for (auto const& [name, value] : false_fields(fault_)) {
    if (name != "Content-Type") answer.set(name, value);
  }
}

awaitable<error_code> faulty_exchange::respond(int status, net::http_fields answer, std::string body) {
  answered_ = true;
  if (swallows()) co_return error_code();
  amend(answer);
  co_return co_await real_.respond(status, std::move(answer), std::move(body));
}

awaitable<error_code> faulty_exchange::begin(int status, net::http_fields answer,
                                             std::optional<std::uint64_t> length) {
  answered_ = true;
  if (swallows()) co_return error_code();
  amend(answer);
  co_return co_await real_.begin(status, std::move(answer), length);
}

awaitable<error_code> faulty_exchange::write(std::string_view bytes) {
  if (swallows()) co_return error_code();
  co_return co_await real_.write(bytes);
}

awaitable<error_code> faulty_exchange::finish() {
  if (swallows()) co_return error_code();
  co_return co_await real_.finish();
}

}  // namespace corunner::coordinator
