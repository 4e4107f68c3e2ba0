#include "net/blocking_pool.hpp"

namespace corunner::net {

blocking_pool::~blocking_pool() {
  if (pool_) pool_->join();
}

asio::thread_pool::executor_type blocking_pool::executor() {
  if (!pool_) pool_.emplace(threads_);
  return pool_->get_executor();
}

}  // namespace corunner::net
