#include "net/http_parser.hpp"

#include "net/error.hpp"
#include "net/http_text.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include <array>

using namespace corunner;
using net::http_parser;

namespace {

struct parsed {
  error_code error;
  net::http_head head;
  std::string body;
  std::string rest;
  bool done = false;
};

// Parses `text`, of which first `cut` bytes are there and then all, into body pieces of `room`
// bytes.
parsed parse(http_parser::kind kind, std::string const& text, std::size_t cut, std::size_t room) {
  http_parser parser(kind, 8192);
  parsed got;
  std::size_t at = 0;
  for (auto const end : {cut, text.size()}) {
    while (!parser.done() && at < end) {
      std::string piece(room, '\0');
      auto const took =
          parser.put(std::string_view(text).substr(at, end - at), asio::buffer(piece));
      if (!took) {
        got.error = took.error();
        return got;
      }
      at += took->consumed;
      got.body.append(piece, 0, took->produced);
      if (took->consumed == 0 && took->produced == 0) break;
    }
  }
  got.done = parser.done();
  got.head = parser.head();
  got.rest = text.substr(at);
  return got;
}

}  // namespace

TEST_CASE("a message may arrive cut anywhere and be read in pieces of any size", "[net][parser]") {
  std::string const text =
      "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nX-A:  padded \r\n\r\n"
      "5\r\nhello\r\n1;ext=\"v\"\r\n \r\n5\r\nworld\r\n0\r\nTrailer: x\r\n\r\nGET /next";
  auto const room = GENERATE(std::size_t(1), std::size_t(3), std::size_t(100));
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    CAPTURE(cut, room);
    auto const got = parse(http_parser::kind::request, text, cut, room);
    REQUIRE(got.error == error_code());
    REQUIRE(got.done);
    REQUIRE(got.head.method == "POST");
    REQUIRE(got.head.target == "/a");
    REQUIRE(got.head.fields.get("x-a") == "padded");
    REQUIRE_FALSE(got.head.fields.contains("Trailer"));
    REQUIRE(got.body == "hello world");
    REQUIRE(got.rest == "GET /next");
  }
}

TEST_CASE("a body that is only its last chunk may arrive byte by byte", "[net][parser]") {
  std::string const text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  http_parser parser(http_parser::kind::response, 8192);
  std::size_t at = 0;
  for (std::size_t end = 1; end <= text.size(); ++end) {
    REQUIRE_FALSE(parser.done());
    while (at < end && !parser.done()) {
      auto const took = parser.put(std::string_view(text).substr(at, end - at));
      REQUIRE(took.has_value());
      at += took->consumed;
      if (took->consumed == 0) break;
    }
  }
  CHECK(parser.done());
}

TEST_CASE("a request that could be read in two ways is refused", "[net][parser]") {
  auto const text = GENERATE(as<std::string>(),
      "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
      "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: +5\r\n\r\nhello",
      "POST / HTTP/1.1\r\nContent-Length: 18446744073709551616\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length : 5\r\n\r\nhello",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n11111111111111111\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5 \rhello",
      "GET  / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\nHost: h\n\n",
      std::string("G\0T / HTTP/1.1\r\n\r\n", 18));
  CAPTURE(text);
  auto const got = parse(http_parser::kind::request, text, 0, 100);
  CHECK(got.error == net::errc::bad_message);
}

TEST_CASE("an input that ends is judged by where it ends", "[net][parser]") {
  struct row {
    char const* text;
    error_code error;
  };
  auto const row = GENERATE(values<struct row>({
      {"", asio::error::eof},
      {"HTTP/1.1 20", net::errc::incomplete_body},
      {"HTTP/1.1 200 OK\r\nA: b\r\n", net::errc::incomplete_body},
      {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", net::errc::incomplete_body},
      {"HTTP/1.1 200 OK\r\n\r\nabc", error_code()},
  }));
  CAPTURE(row.text);
  http_parser parser(http_parser::kind::response, 8192);
  std::string_view rest = row.text;
  std::array<char, 100> body;
  while (!rest.empty()) {
    auto const took = parser.put(rest, asio::buffer(body));
    REQUIRE(took.has_value());
    if (took->consumed == 0) break;
    rest.remove_prefix(took->consumed);
  }
  CHECK(parser.put_eof() == row.error);
  CHECK(parser.done() == !row.error);
}

TEST_CASE("field names compare without case and may stand several times", "[net][fields]") {
  net::http_fields fields{{"Link", "a"}, {"X", "1"}, {"LINK", "b"}};
  CHECK(fields.get("link") == "a");
  CHECK(fields.get("none", "other") == "other");
  fields.set("x", fields.get("X"));
  CHECK(fields.get("X") == "1");
  fields.erase("link");
  CHECK(fields.size() == 1);
}

TEST_CASE("every status of the protocol has its text", "[net][text]") {
  CHECK(net::response_head_text(404, {{"A", "b"}}).value() ==
        "HTTP/1.1 404 Not Found\r\nA: b\r\n\r\n");
  CHECK(net::response_head_text(799, {}).value() == "HTTP/1.1 799 \r\n\r\n");
  CHECK(net::response_head_text(99, {}).error() == net::errc::bad_field);
  CHECK(net::request_head_text("GET", "/a b", {}).error() == net::errc::bad_field);
  CHECK(net::request_head_text("GET", "", {}).error() == net::errc::bad_field);
}
