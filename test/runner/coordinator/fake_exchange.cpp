#include "test/runner/coordinator/fake_exchange.hpp"

#include "net/error.hpp"

#include <algorithm>
#include <cstring>

namespace corunner::test {

awaitable<result<std::size_t>> fake_exchange::read_some(asio::mutable_buffer into) {
  auto const count = std::min({into.size(), piece, request_body.size() - read_});
  std::memcpy(into.data(), request_body.data() + read_, count);
  read_ += count;
  co_return count;
}

awaitable<result<std::string>> fake_exchange::read_all(std::size_t limit) {
  if (request_body.size() - read_ > limit) co_return error_code(net::errc::body_too_large);
  auto rest = request_body.substr(read_);
  read_ = request_body.size();
  co_return rest;
}

awaitable<error_code> fake_exchange::respond(int code, net::http_fields fields_given,
                                             std::string text) {
  if (fails_to_answer) co_return error_code(asio::error::broken_pipe);
  status = code;
  answer = std::move(fields_given);
  body = std::move(text);
  finished = true;
  co_return error_code();
}

awaitable<error_code> fake_exchange::begin(int code, net::http_fields fields_given,
                                           std::optional<std::uint64_t> length) {
  if (fails_to_answer) co_return error_code(asio::error::broken_pipe);
  status = code;
  answer = std::move(fields_given);
  if (length) answer.set("Content-Length", std::to_string(*length));
  co_return error_code();
}

awaitable<error_code> fake_exchange::write(std::string_view bytes) {
  body.append(bytes);
  co_return error_code();
}

awaitable<error_code> fake_exchange::finish() {
  finished = true;
  co_return error_code();
}

}  // namespace corunner::test
