// The uploader on a real API client and an HTTP server in memory, with connections that break, a
// server that errs, restarts and loses answers: whatever happens, the server ends with our bytes.

#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/task_group.hpp"
#include "runner/gitlab/api_client.hpp"
#include "runner/trace/job_trace.hpp"
#include "runner/trace/trace_uploader.hpp"
#include "test/runner/trace/memory_spool.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/memory_net.hpp"
#include "test/support/settle.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>

#include <charconv>
#include <random>

using namespace corunner;
using namespace std::chrono_literals;

namespace {

// Keeps one job's log as GitLab does.
class log_server {
 public:
  std::string log;
  std::string state;
  std::string checksum;
  std::int64_t bytesize = 0;
  bool said_not_found = false;
  std::mt19937 random;
  unsigned trouble = 0;  // in a hundred requests

  awaitable<void> answer(net::http_exchange& exchange) {
    auto const body = co_await exchange.read_all(4 << 20);
    if (!body) co_return exchange.drop();
    bool const troubled = random() % 100 < trouble;
    auto const how = random() % 4;
    if (troubled && how == 0) {
      constexpr int statuses[] = {500, 502, 503, 429, 404};
      auto const status = statuses[random() % (exchange.method == "PUT" ? 4 : 5)];
      said_not_found = said_not_found || status == 404;
      co_await exchange.respond(status, {}, "");
      co_return;
    }
    if (troubled && how == 1) co_return exchange.drop();
    auto const status = exchange.method == "PUT" ? update(*body) : append(exchange, *body);
    // The work is done, the answer gets lost.
    if (troubled) co_return exchange.drop();
    net::http_fields fields{{"Job-Status", "running"}};
    if (exchange.method == "PATCH") fields.add("Range", "0-" + std::to_string(log.size()));
    co_await exchange.respond(status, fields, "");
  }

 private:
  int update(std::string const& body) {
    auto const members = boost::json::parse(body).as_object();
    auto const wanted = std::string(members.at("state").as_string());
    if (wanted == "running") return 200;
    state = wanted;
    checksum = std::string(members.at("output").at("checksum").as_string());
    auto const* size = members.at("output").as_object().if_contains("bytesize");
    bytesize = size ? size->to_number<std::int64_t>() : 0;
    return 200;
  }

  int append(net::http_exchange& exchange, std::string const& body) {
    std::uint64_t first = 0;
    auto const range = exchange.fields.get("Content-Range");
    std::from_chars(range.data(), range.data() + range.size(), first);
    if (first != log.size()) return 416;
    log += body;
    return 202;
  }
};

struct world {
  asio::io_context io;
  test::manual_time time{io.get_executor()};
  test::memory_dialer network{io.get_executor()};
  net::http_client http{network, time, {.user_agent = "tests"}};
  std::unique_ptr<net::listener> listener = network.listen("gitlab.test", 80);
  log_server gitlab;
  net::http_server server{io.get_executor(), time, [this](net::http_exchange& exchange) {
                            return gitlab.answer(exchange);
                          }};
  net::blocking_pool pool;
  gitlab::api_client api{http, time, {.url = "http://gitlab.test"}};
  std::string stored;
  job_trace trace{io.get_executor(), time, std::make_unique<test::memory_spool>(stored), {}};
  trace_uploader uploader{io.get_executor(), time, pool, api, trace, {.job = {7, secret("t")}}};
  net::task_group children{io.get_executor()};

  world() {
    children.spawn(server.serve(*listener));
    test::settle(io);
  }

  ~world() {
    server.stop();
    children.cancel();
    test::settle(io);
    http.close_idle();
    test::settle(io);
  }

  // Lets time go on by what is due until `done` or so much has passed.
  template <class Done>
  void pass(net::time_source::duration most, Done done) {
    for (auto const end = time.now() + most; time.now() < end && !done();) {
      auto const next = std::min(end, time.next_deadline());
      time.advance(std::max<net::time_source::duration>(next - time.now(), 0s));
      test::settle(io);
    }
  }
};

awaitable<void> run_job(world& w, std::mt19937& random, std::optional<delivery>& out) {
  co_await w.uploader.accept();
  net::task_group uploads(co_await asio::this_coro::executor);
  uploads.spawn(w.uploader.run());
  for (auto lines = random() % 60; lines > 0; --lines) {
    std::string text(random() % 3000, static_cast<char>('a' + random() % 26));
    text += '\n';
    co_await w.trace.output().write(exec::channel::out, text);
    co_await w.time.sleep_for(std::chrono::milliseconds(random() % 5000));
  }
  co_await w.trace.close();
  job_end end;
  end.success = true;
  out = co_await w.uploader.finish(std::move(end));
  co_await uploads.join();
}

}  // namespace

TEST_CASE("whatever the network and the server do, the log arrives whole and the end is told",
          "[trace][uploader][simulation]") {
  for (unsigned seed = 1; seed <= 150; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    world w;
    w.gitlab.random.seed(seed);
    w.gitlab.trouble = random() % 60;
    w.network.plan = [&](net::dial_target const&, std::size_t) {
      test::dial_plan out;
      if (random() % 10 == 0) out.refuse = asio::error::connection_refused;
      if (random() % 4 == 0) out.to_server.reset_after = random() % 5000;
      if (random() % 4 == 0) out.to_client.reset_after = random() % 500;
      return out;
    };
    std::optional<delivery> ended;
    w.children.spawn(run_job(w, random, ended));
    test::settle(w.io);
    w.pass(10min, [&] { return ended.has_value(); });
    // Once in a while everything is gone for half a minute and more.
    auto const usual = w.gitlab.trouble;
    if (seed % 5 == 0) {
      w.gitlab.trouble = 100;
      w.network.reset_all();
      w.pass(2min, [&] { return ended.has_value(); });
      w.gitlab.trouble = usual;
    }
    w.pass(1h, [&] { return ended.has_value(); });
    REQUIRE(ended);
    REQUIRE(ended->what == delivery::kind::delivered);
    REQUIRE(w.gitlab.state == "success");
    REQUIRE(w.gitlab.checksum == w.trace.checksum());
    REQUIRE(w.gitlab.bytesize == static_cast<std::int64_t>(w.stored.size()));
    // Only a server that does not know the job (404 to a patch of the last flush) misses the rest.
    REQUIRE(w.stored.starts_with(w.gitlab.log));
    if (!w.gitlab.said_not_found) REQUIRE(w.gitlab.log == w.stored);
  }
}
