#include "net/resolver.hpp"

#include "net/name_files.hpp"

#ifdef CORUNNER_STATIC
#include "net/static_resolver.hpp"
#else
#include "net/event.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <memory>
#endif

namespace corunner::net {
namespace {

using addresses = std::vector<asio::ip::address>;

#ifdef CORUNNER_STATIC

awaitable<result<addresses>> ask_system(time_source& time, std::string host) {
  auto conf = parse_resolv_conf(small_file("/etc/resolv.conf"));
  co_return co_await ask_name_servers(time, std::move(conf), std::move(host));
}

#else

// What the resolver's thread leaves behind; it may come after the waiting coroutine has gone.
struct pending {
  explicit pending(asio::any_io_executor executor) : resolver(executor), done(executor) {}
  asio::ip::tcp::resolver resolver;
  event done;
  error_code failure;
  addresses found;
};

awaitable<result<addresses>> ask_system(time_source&, std::string host) {
  auto const state = std::make_shared<pending>(co_await asio::this_coro::executor);
  state->resolver.async_resolve(
      host, "", [state](error_code ec, asio::ip::tcp::resolver::results_type const& results) {
        state->failure = ec;
        for (auto const& entry : results) {
          auto const one = entry.endpoint().address();
          auto& found = state->found;
          if (std::find(found.begin(), found.end(), one) == found.end()) found.push_back(one);
        }
        state->done.set();
      });
  if (error_code const ec = co_await state->done.wait()) {
    state->resolver.cancel();
    co_return ec;
  }
  if (state->failure) co_return state->failure;
  co_return std::move(state->found);
}

#endif

}  // namespace

awaitable<result<addresses>> resolve_host(time_source& time, std::string host) {
  auto known = local_addresses(host);
  if (!known.empty()) co_return known;
  auto found = co_await ask_system(time, std::move(host));
  if (found && found->empty()) co_return error_code(asio::error::host_not_found);
  co_return found;
}

}  // namespace corunner::net
