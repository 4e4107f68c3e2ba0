#pragma once

#include "net/http_server.hpp"
#include "net/time_source.hpp"
#include "runner/coordinator/faults.hpp"

namespace corunner::coordinator {

// The answer to a request that a fault falsifies, to be sent instead of the true one.
net::http_fields false_fields(fault const& what);

// An exchange between a handler and the real one: reads pass; answers are swallowed when the fault
// has an answer of its own, else they get the fault's fields, and their body its length and pace.
class faulty_exchange final : public net::http_exchange {
 public:
  faulty_exchange(net::http_exchange& real, net::time_source& time, fault const& what);

  awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override;
  awaitable<result<std::string>> read_all(std::size_t limit) override;
  awaitable<error_code> respond(int status, net::http_fields answer, std::string body) override;
  awaitable<error_code> begin(int status, net::http_fields answer,
                              std::optional<std::uint64_t> length) override;
  awaitable<error_code> write(std::string_view bytes) override;
  awaitable<error_code> finish() override;
  void drop() override { real_.drop(); }
  bool answered() const override { return answered_; }

 private:
  bool swallows() const { return fault_.drop || fault_.status != 0; }
  void amend(net::http_fields& answer) const;

  net::http_exchange& real_;
  net::time_source& time_;
  fault const& fault_;
  std::uint64_t left_ = UINT64_MAX;  // bytes of the body that may still pass
  bool answered_ = false;
};

}  // namespace corunner::coordinator
