#include "test/runner/gitlab/api_world.hpp"

#include <utility>

namespace corunner::test {

canned_answer json_answer(int status, std::string body) {
  return {status, {{"Content-Type", "application/json"}}, std::move(body)};
}

api_world::api_world()
    : server(io.get_executor(), time, [this](net::http_exchange& exchange) -> awaitable<void> {
        auto body = co_await exchange.read_all(64 << 20);
        seen.push_back({exchange.method + " " + exchange.target, exchange.fields,
                        body ? *body : "unreadable"});
        canned_answer answer{500};
        if (!answers.empty()) {
          answer = std::move(answers.front());
          answers.pop_front();
        }
        if (answer.drop) {
          exchange.drop();
          co_return;
        }
        co_await exchange.respond(answer.status, answer.fields, answer.body);
      }) {
  options.url = "http://gitlab.test";
  options.token = secret("glrt-runner-token");
  options.system_id = "s_0123456789ab";
  options.info = gitlab::local_runner_info("shell", "bash");
  children.spawn(server.serve(*listener));
  children.spawn(server.serve(*elsewhere));
  settle(io);
}

api_world::~api_world() {
  server.stop();
  children.cancel();
  settle(io);
  http.close_idle();
  settle(io);
}

}  // namespace corunner::test
