#include "runner/wrapper/messages.hpp"

#include "net/error.hpp"

#include <catch2/catch_test_macros.hpp>

#include <utility>

using namespace corunner;

namespace {

template <std::size_t N>
std::string bytes(char const (&literal)[N]) {
  return {literal, N - 1};
}

// A field with a length: its key, its size, its bytes.
std::string field(char key, std::string const& value) {
  return std::string(1, key) + static_cast<char>(value.size()) + value;
}

std::string header(std::string const& name, std::string const& value) {
  return field('\x1a', field('\x0a', name) + field('\x12', value));
}

}  // namespace

TEST_CASE("a status is encoded by its number, with a reason if there is one", "[wrapper]") {
  CHECK(encode({}) == "");
  CHECK(encode({wrapped_status::running, ""}) == bytes("\x08\x01"));
  CHECK(encode({wrapped_status::in_shutdown, ""}) == bytes("\x08\x02"));
  CHECK(encode({wrapped_status::stopped, "exit status 1"}) == bytes("\x08\x03\x12\x0d"
                                                                   "exit status 1"));
}

TEST_CASE("a graceful shutdown comes with whom to tell of the end", "[wrapper]") {
  auto const callback = field('\x0a', "http://h/done") + field('\x12', "PUT") +
                        header("X-One", "1") + header("X-Two", "") + header("X-One", "last");
  auto const got = decode_graceful_shutdown(field('\x0a', callback)).value();
  CHECK(got.url == "http://h/done");
  CHECK(got.method == "PUT");
  CHECK(got.headers.size() == 2);
  CHECK(got.headers.get("X-One") == "last");
  CHECK(got.headers.find("X-Two") == "");
}

TEST_CASE("a graceful shutdown may come without a callback, or with unknown fields", "[wrapper]") {
  CHECK(decode_graceful_shutdown("").value().url.empty());
  CHECK(decode_graceful_shutdown(bytes("\x0a\x00")).value().url.empty());
  auto const strange = field('\x22', "x") + bytes("\x28\x01");
  auto const inner = field('\x0a', "u") + strange + field('\x1a', strange + field('\x0a', "X"));
  auto const got = decode_graceful_shutdown(strange + field('\x0a', inner) + strange).value();
  CHECK(got.url == "u");
  CHECK(got.headers.find("X") == "");
}

TEST_CASE("parts of a callback that stand in two messages are put together", "[wrapper]") {
  auto const got =
      decode_graceful_shutdown(field('\x0a', field('\x0a', "first") + field('\x12', "PUT")) +
                               field('\x0a', field('\x0a', "last")))
          .value();
  CHECK(got.url == "last");
  CHECK(got.method == "PUT");
}

TEST_CASE("a graceful shutdown that cannot be read is refused", "[wrapper]") {
  std::pair<char const*, std::string> const bad[] = {
      {"no protocol buffer", "hello"},
      {"the callback is a number", bytes("\x08\x01")},
      {"the URL is a number", field('\x0a', bytes("\x08\x01"))},
      {"the method is a number", field('\x0a', bytes("\x10\x01"))},
      {"the headers are a number", field('\x0a', bytes("\x18\x01"))},
      {"a header's name is a number", field('\x0a', field('\x1a', bytes("\x08\x01")))},
      {"the URL is not UTF-8", field('\x0a', field('\x0a', "\xff"))},
      {"a header's value is not UTF-8", field('\x0a', header("X", "\xc3"))},
      {"the callback is cut off", bytes("\x0a\x05\x0a\x01u")},
  };
  for (auto const& [title, message] : bad) {
    CAPTURE(title);
    auto const got = decode_graceful_shutdown(message);
    CHECK((got.has_error() && got.error() == net::errc::bad_message));
  }
}

TEST_CASE("a request without fields may have those of a later version", "[wrapper]") {
  CHECK_FALSE(check_empty_request(""));
  CHECK_FALSE(check_empty_request(field('\x22', "x")));
  CHECK(check_empty_request("\x22") == net::errc::bad_message);
}
