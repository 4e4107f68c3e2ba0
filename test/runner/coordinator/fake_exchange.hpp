#pragma once

#include "net/http_server.hpp"

#include <optional>
#include <string>

namespace corunner::test {

// A request that was made up and the answer that it got.
class fake_exchange final : public net::http_exchange {
 public:
  std::string request_body;
  std::size_t piece = 1000;      // bytes that one read gives at most
  bool fails_to_answer = false;  // the client is gone when the answer comes

  int status = 0;
  net::http_fields answer;
  std::string body;
  bool dropped = false;
  bool finished = false;

  awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override;
  awaitable<result<std::string>> read_all(std::size_t limit) override;
  awaitable<error_code> respond(int code, net::http_fields fields, std::string text) override;
  awaitable<error_code> begin(int code, net::http_fields fields,
                              std::optional<std::uint64_t> length) override;
  awaitable<error_code> write(std::string_view bytes) override;
  awaitable<error_code> finish() override;
  void drop() override { dropped = true; }
  bool answered() const override { return status != 0; }

 private:
  std::size_t read_ = 0;
};

}  // namespace corunner::test
