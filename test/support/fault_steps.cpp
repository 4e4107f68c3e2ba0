#include "test/support/fault_steps.hpp"

#include <stdexcept>

namespace corunner::test {
namespace {

constexpr std::size_t too_many = 10'000;

class failing_stream final : public net::stream {
 public:
  failing_stream(std::unique_ptr<net::stream> lower, fault_steps& faults)
      : lower_(std::move(lower)), faults_(faults) {}

  awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
    if (error_code const ec = broken()) co_return ec;
    co_return co_await lower_->read_some(into);
  }
  awaitable<error_code> write(asio::const_buffer bytes) override {
    if (error_code const ec = broken()) co_return ec;
    co_return co_await lower_->write(bytes);
  }
  awaitable<error_code> shutdown_write() override {
    if (error_code const ec = broken()) co_return ec;
    co_return co_await lower_->shutdown_write();
  }
  void close() noexcept override { lower_->close(); }
  bool quiet() const override { return !failed_ && lower_->quiet(); }
  std::string peer_certificates() const override { return lower_->peer_certificates(); }
  std::string peer() const override { return lower_->peer(); }

 private:
  error_code broken() {
    if (!failed_) failed_ = faults_.step();
    if (failed_) lower_->close();
    return failed_;
  }

  std::unique_ptr<net::stream> lower_;
  fault_steps& faults_;
  error_code failed_;
};

}  // namespace

error_code fault_steps::step() { return count_++ == fail_at_ ? why_ : error_code(); }

std::unique_ptr<net::stream> make_failing_stream(std::unique_ptr<net::stream> lower,
                                                 fault_steps& faults) {
  return std::make_unique<failing_stream>(std::move(lower), faults);
}

awaitable<result<std::unique_ptr<net::stream>>> failing_dialer::dial(
    net::dial_target const& target) {
  if (error_code const ec = faults_.step()) co_return ec;
  auto made = co_await lower_.dial(target);
  if (!made) co_return made.error();
  co_return make_failing_stream(std::move(*made), faults_);
}

std::size_t fail_each_step(error_code why, std::function<void(fault_steps&)> const& scenario) {
  for (std::size_t at = 0; at < too_many; ++at) {
    fault_steps faults(at, why);
    scenario(faults);
    if (!faults.fired()) return at;
  }
  throw std::logic_error("the scenario never runs without a fault");
}

}  // namespace corunner::test
