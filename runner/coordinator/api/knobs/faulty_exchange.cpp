#include "runner/coordinator/api/knobs/faulty_exchange.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner::coordinator {

namespace {

constexpr std::size_t most_pieces = 10;  // of a body that trickles

}  // namespace

net::http_fields false_fields(fault const& what) {
  net::http_fields fields{{"Content-Type", what.content_type.value_or("application/json")}};
  if (!what.job_status.empty()) fields.set("Job-Status", what.job_status);
  if (what.interval) fields.set("X-GitLab-Trace-Update-Interval", std::to_string(*what.interval));
  if (what.range_end) fields.set("Range", fmt::format("0-{}", *what.range_end));
  if (what.retry_after) fields.set("Retry-After", std::to_string(*what.retry_after));
  if (!what.location.empty()) fields.set("Location", what.location);
  return fields;
}

faulty_exchange::faulty_exchange(net::http_exchange& real, net::time_source& time,
                                 fault const& what)
    : real_(real), time_(time), fault_(what) {
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
    if (name != "Content-Type" || fault_.content_type) answer.set(name, value);
  }
}

awaitable<error_code> faulty_exchange::respond(int status, net::http_fields answer,
                                               std::string body) {
  if (error_code const ec = co_await begin(status, std::move(answer), body.size())) co_return ec;
  if (error_code const ec = co_await write(body)) co_return ec;
  co_return co_await finish();
}

awaitable<error_code> faulty_exchange::begin(int status, net::http_fields answer,
                                             std::optional<std::uint64_t> length) {
  answered_ = true;
  if (swallows()) co_return error_code();
  amend(answer);
  left_ = fault_.cut.value_or(UINT64_MAX);
  if (length) length = std::min(*length, left_);
  co_return co_await real_.begin(status, std::move(answer), length);
}

awaitable<error_code> faulty_exchange::write(std::string_view bytes) {
  if (swallows()) co_return error_code();
  bytes = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
  left_ -= bytes.size();
  if (fault_.trickle.count() == 0) co_return co_await real_.write(bytes);
  auto const pieces = std::clamp<std::size_t>(bytes.size(), 1, most_pieces);
  for (std::size_t piece = 0; piece < pieces; ++piece) {
    if (error_code const ec = co_await time_.sleep_for(fault_.trickle / pieces)) co_return ec;
    auto const begin = bytes.size() * piece / pieces;
    auto const end = bytes.size() * (piece + 1) / pieces;
    if (error_code const ec = co_await real_.write(bytes.substr(begin, end - begin))) co_return ec;
  }
  co_return error_code();
}

awaitable<error_code> faulty_exchange::finish() {
  if (swallows()) co_return error_code();
  co_return co_await real_.finish();
}

}  // namespace corunner::coordinator
