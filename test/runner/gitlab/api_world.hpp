#pragma once

#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/task_group.hpp"
#include "runner/gitlab/api_client.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/memory_net.hpp"
#include "test/support/settle.hpp"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace corunner::test {

// What the server was asked.
struct seen_request {
  std::string line;  // "PUT /api/v4/jobs/1"
  net::http_fields fields;
  std::string body;
};

// What the server answers; with `drop` it ends the connection instead.
struct canned_answer {
  int status = 200;
  net::http_fields fields;
  std::string body;
  bool drop = false;
};

canned_answer json_answer(int status, std::string body);

// An API client and a server that gives canned answers, over memory and under manual time.
struct api_world {
  asio::io_context io;
  manual_time time{io.get_executor()};
  memory_dialer network{io.get_executor()};
  net::http_client http{network, time, {.user_agent = "tests"}};
  std::unique_ptr<net::listener> listener = network.listen("gitlab.test", 80);
  std::unique_ptr<net::listener> elsewhere = network.listen("store.test", 80);
  net::http_server server;
  net::task_group children{io.get_executor()};

  std::deque<canned_answer> answers;  // when empty: 500
  std::vector<seen_request> seen;
  gitlab::api_options options;

  api_world();
  ~api_world();

  gitlab::api_client client() { return {http, time, options}; }

  // The result of a call; time goes on as long as the call waits for it.
  template <class T>
  T ask(awaitable<T> call) {
    std::optional<T> out;
    children.spawn([](awaitable<T> work, std::optional<T>& into) -> awaitable<void> {
      into.emplace(co_await std::move(work));
    }(std::move(call), out));
    settle(io);
    while (!out && time.next_deadline() != net::time_source::time_point::max()) {
      time.advance(time.next_deadline() - time.now());
      settle(io);
    }
    return std::move(out.value());
  }
};

}  // namespace corunner::test
