#pragma once

#include "net/dialer.hpp"
#include "net/http_server.hpp"
#include "net/task_group.hpp"
#include "runner/observe/listen_address.hpp"
#include "runner/observe/log.hpp"
#include "runner/observe/metrics.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace corunner {

// What is answered at one path, whatever the method. `make` is called on the loop for each request
// and must not wait.
struct debug_page {
  struct answer {
    int status = 200;
    std::string text;
    std::string type = "text/plain; charset=utf-8";
    net::http_fields more = {};  // further header fields
  };
  std::string path;  // one that ends with '/' stands for all below it
  std::function<answer()> make;
};

// The HTTP server of `listen_address`: GET /metrics and the given pages, without TLS and
// authentication (observability.md 1). A page of figures is compressed for who takes gzip, as
// scrapers do.
//
// `figures` and `time` must outlive it; stop() must have been awaited before it is destroyed.
class metrics_server {
 public:
  // Opens a place to listen at: net::listen_tcp, unless a test has its own.
  using opener = std::function<result<std::unique_ptr<net::listener>>(std::string const& host,
                                                                      std::uint16_t port)>;

  metrics_server(asio::any_io_executor executor, net::time_source& time, logger log,
                 metrics const& figures, std::vector<debug_page> pages, opener open = {});
  ~metrics_server();

  // Listens there from now on; an empty address means nowhere. The new place is opened before the
  // old one is closed (except where both cannot be open at once); when that fails, the old one
  // stays and the error tells why. What cannot be an address is logged, and counts as no address at
  // the start, as the old one later.
  error_code listen(std::string const& address);

  // Requests under way have a second to end.
  awaitable<void> stop();

 private:
  // Where it listens, with a server of its own: connections made there end with it.
  struct place;

  awaitable<void> handle(net::http_exchange& exchange) const;
  awaitable<void> show_figures(net::http_exchange& exchange) const;
  static awaitable<void> serve(std::shared_ptr<place> at);
  result<std::unique_ptr<net::listener>> open_instead(listen_address const& where);
  void begin(std::unique_ptr<net::listener> at, listen_address const& where);
  void close();

  asio::any_io_executor executor_;
  net::time_source& time_;
  logger log_;
  metrics const& figures_;
  std::vector<debug_page> pages_;
  opener open_;
  std::shared_ptr<place> place_;
  bool asked_ = false;  // to listen, before
  net::task_group tasks_;
};

}  // namespace corunner
