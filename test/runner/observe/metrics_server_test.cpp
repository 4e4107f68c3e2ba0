#include "runner/observe/metrics_server.hpp"

#include "net/http_client.hpp"
#include "runner/observe/gzip.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/memory_net.hpp"
#include "test/support/settle.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_all.hpp>

#include <libdeflate.h>

#include <set>

namespace corunner::test {

namespace {

constexpr metric_row<int> rows[] = {
    {"answer", metric_type::gauge, "All.",
     [](int const& from, metric_samples& into) { into.add(from); }}};

std::vector<debug_page> pages() {
  return {{"/debug/one", [] { return debug_page::answer{.status = 503, .text = "not yet\n"}; }},
          {"/debug/all/", [] {
             return debug_page::answer{.text = "x", .type = "text/x", .more = {{"X-More", "2"}}};
           }}};
}

struct served {
  served() {
    figures.add(rows, shown);
    server = std::make_unique<metrics_server>(
        io.get_executor(), time, logger(output), figures, pages(),
        [this](std::string const& host, std::uint16_t port)
            -> result<std::unique_ptr<net::listener>> {
          if (taken.contains(port)) return error_code(asio::error::address_in_use);
          return network.listen(host, port);
        });
  }
  ~served() {
    http.close_idle();
    run_to_end(io, server->stop());
  }

  struct reply {
    int status = 0;
    std::string type;
    std::string body;
    net::http_fields fields;
  };
  reply ask(std::string const& url, std::string const& method = "GET",
            net::http_fields fields = {}) {
    reply out;
    run_to_end(io, send(url, method, std::move(fields), out));
    return out;
  }
  awaitable<void> send(std::string url, std::string method, net::http_fields fields, reply& out) {
    net::http_request request;
    request.fields = std::move(fields);
    request.method = std::move(method);
    request.target = net::parse_url(url).value();
    auto answer = co_await http.send(std::move(request));
    if (!answer) co_return;
    out.status = answer->status;
    out.type = answer->fields.get("Content-Type");
    out.fields = answer->fields;
    out.body = (co_await answer->read_all(1 << 20)).value();
  }

  asio::io_context io;
  manual_time time{io.get_executor()};
  memory_dialer network{io.get_executor()};
  std::set<std::uint16_t> taken;
  int shown = 42;
  std::string lines;
  log_target output{time, [this](std::string_view line) { lines += line; }};
  metrics figures;
  net::http_client http{network, time, {}};
  std::unique_ptr<metrics_server> server;
};

}  // namespace

TEST_CASE("metrics are served as Prometheus reads them, and nothing else is",
          "[observe][metrics]") {
  served at;
  REQUIRE_FALSE(at.server->listen("one:1000"));
  auto const answer = at.ask("http://one:1000/metrics");
  CHECK(answer.status == 200);
  CHECK(answer.type == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(answer.body == "# HELP answer All.\n# TYPE answer gauge\nanswer 42\n");
  CHECK(at.ask("http://one:1000/").status == 404);
  CHECK(at.ask("http://one:1000/metrics", "HEAD").status == 200);
  auto const refused = at.ask("http://one:1000/metrics", "POST");
  CHECK(refused.status == 405);
  CHECK(refused.body == "Method Not Allowed\n");
}

TEST_CASE("who takes gzip gets the metrics packed", "[observe][metrics]") {
  served at;
  REQUIRE_FALSE(at.server->listen("one:1000"));
  auto const packed = at.ask("http://one:1000/metrics", "GET", {{"Accept-Encoding", "br, gzip"}});
  CHECK(packed.status == 200);
  REQUIRE(packed.fields.get("Content-Encoding") == "gzip");
  std::string text(1000, '\0');
  std::size_t size = 0;
  auto* const unpacker = libdeflate_alloc_decompressor();
  auto const how = libdeflate_gzip_decompress(unpacker, packed.body.data(), packed.body.size(),
                                              text.data(), text.size(), &size);
  libdeflate_free_decompressor(unpacker);
  REQUIRE(how == LIBDEFLATE_SUCCESS);
  CHECK(text.substr(0, size) == at.ask("http://one:1000/metrics").body);
}

TEST_CASE("gzip is used only where it is asked for", "[observe][metrics]") {
  auto const [field, wanted] = GENERATE(table<std::string, bool>({
      {"gzip", true},
      {"deflate, gzip;q=0.5", true},
      {"gzip; q=1", true},
      {"gzip;q=0", false},
      {"gzip;q=0.0, br", false},
      {"xgzip", false},
      {"identity", false},
      {"", false},
  }));
  CAPTURE(field);
  CHECK(takes_gzip(field) == wanted);
}

TEST_CASE("pages are found by their path, or by the folder they stand for", "[observe]") {
  served at;
  REQUIRE_FALSE(at.server->listen("one:1000"));
  auto const exact = at.ask("http://one:1000/debug/one", "POST");
  CHECK(exact.status == 503);
  CHECK(exact.type == "text/plain; charset=utf-8");
  CHECK(exact.body == "not yet\n");
  CHECK(at.ask("http://one:1000/debug/one/more").status == 404);
  auto const below = at.ask("http://one:1000/debug/all/things");
  CHECK(below.type == "text/x");
  CHECK(below.fields.get("X-More") == "2");
  auto const nothing = at.ask("http://one:1000/debug");
  CHECK(nothing.status == 404);
  CHECK(nothing.body == "404 page not found\n");
}

TEST_CASE("the server moves, and the old address is free then", "[observe][metrics]") {
  served at;
  REQUIRE_FALSE(at.server->listen("one:1000"));
  REQUIRE_FALSE(at.server->listen("one"));
  CHECK(at.ask("http://one:9252/metrics").status == 200);
  CHECK(at.ask("http://one:1000/metrics").status == 0);
  REQUIRE_FALSE(at.server->listen(""));
  CHECK(at.ask("http://one:9252/metrics").status == 0);
}

TEST_CASE("an address that cannot be had leaves the server where it is", "[observe][metrics]") {
  served at;
  REQUIRE_FALSE(at.server->listen("one:1000"));
  at.taken.insert(2000);
  CHECK(at.server->listen("one:2000") == asio::error::address_in_use);
  CHECK(at.ask("http://one:1000/metrics").status == 200);
  CHECK_FALSE(at.server->listen("::1"));
  CHECK(at.lines.find("invalid listen address: address ::1: too many colons in address") !=
        std::string::npos);
  CHECK(at.ask("http://one:1000/metrics").status == 200);
}

TEST_CASE("listen addresses are read as GitLab Runner reads them", "[observe]") {
  auto const [text, host, port] = GENERATE(table<std::string, std::string, int>({
      {"localhost", "localhost", 9252},
      {"localhost:", "localhost", 9252},
      {"localhost:1234", "localhost", 1234},
      {":1234", "", 1234},
      {"0.0.0.0:80", "0.0.0.0", 80},
      {"[::1]", "::1", 9252},
      {"[::1]:", "::1", 9252},
      {"[2001:db8::1]:8080", "2001:db8::1", 8080},
  }));
  CAPTURE(text);
  auto const read = parse_listen_address(text);
  REQUIRE(read.has_value());
  CHECK(read->host == host);
  CHECK(int(read->port) == port);
}

TEST_CASE("what is no listen address is refused with the reason", "[observe]") {
  auto const [text, why] = GENERATE(table<std::string, std::string>({
      {"::1", "too many colons"},
      {"[::1", "missing ']'"},
      {"[::1]x", "expected ':'"},
      {"host:http", "'http' is no port number"},
      {"host:70000", "'70000' is no port number"},
      {"host:1x", "'1x' is no port number"},
  }));
  CAPTURE(text);
  auto const read = parse_listen_address(text);
  REQUIRE(read.has_error());
  CHECK(read.error().message.find(why) != std::string::npos);
}

}  // namespace corunner::test
