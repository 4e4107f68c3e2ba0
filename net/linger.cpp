#include "net/linger.hpp"

#include "net/with_timeout.hpp"

namespace corunner::net {

awaitable<void> linger(time_source& time, stream& wire, http_inbox& inbox) {
  if (co_await with_timeout(time, linger_time, wire.shutdown_write())) co_return;
  auto const until = time.now() + linger_time;
  while (!inbox.ended() && time.now() < until) {
    inbox.consume(inbox.bytes().size());
    if (co_await with_timeout(time, until - time.now(), inbox.more())) co_return;
  }
}

}  // namespace corunner::net
