#include "net/grpc/framing.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>

using namespace corunner;
using net::grpc_code;
using namespace std::chrono_literals;

namespace {

// The message, or the code of the refusal in words.
std::string read(std::string_view body, std::size_t limit = 1000) {
  auto const got = net::single_grpc_message(body, limit);
  if (auto const* const message = std::get_if<std::string_view>(&got)) return std::string(*message);
  return "code " + std::to_string(static_cast<int>(std::get<net::grpc_status>(got).code));
}

}  // namespace

TEST_CASE("a gRPC message has a prefix of five bytes", "[net][grpc]") {
  CHECK(net::grpc_frame("abc") == std::string("\0\0\0\0\3abc", 8));
  CHECK(net::grpc_frame("") == std::string(5, '\0'));
  auto const large = net::grpc_frame(std::string(0x010203, 'x'));
  CHECK(large.substr(0, 5) == std::string("\0\0\1\2\3", 5));
  CHECK(read(net::grpc_frame("abc")) == "abc");
  CHECK(read(net::grpc_frame("")) == "");
}

TEST_CASE("a gRPC body that is not one plain message is refused by its code", "[net][grpc]") {
  CHECK(read("") == "code 12");
  CHECK(read(std::string(4, '\0')) == "code 13");
  CHECK(read(std::string("\1\0\0\0\1x", 6)) == "code 12");  // compressed
  CHECK(read(std::string("\2\0\0\0\1x", 6)) == "code 13");
  CHECK(read(std::string("\0\0\0\0\2x", 6)) == "code 13");
  CHECK(read(std::string("\0\0\0\0\1xy", 7)) == "code 12");
  CHECK(read(std::string("\0\0\0\3\xe9", 5), 1000) == "code 8");
  CHECK(read(std::string("\0\xff\xff\xff\xff", 5)) == "code 8");
  CHECK(read(net::grpc_frame(std::string(1000, 'x'))).size() == 1000);
}

TEST_CASE("grpc-timeout is a number of up to eight digits and a unit", "[net][grpc]") {
  CHECK(net::parse_grpc_timeout("1H") == 1h);
  CHECK(net::parse_grpc_timeout("2M") == 2min);
  CHECK(net::parse_grpc_timeout("30S") == 30s);
  CHECK(net::parse_grpc_timeout("99999999S") == 8760h);
  CHECK(net::parse_grpc_timeout("99999999H") == 8760h);
  CHECK(net::parse_grpc_timeout("99999999m") == 99999999ms);
  CHECK(net::parse_grpc_timeout("5m") == 5ms);
  CHECK(net::parse_grpc_timeout("6u") == 6us);
  CHECK(net::parse_grpc_timeout("7n") == 7ns);
  for (auto const* const bad : {"", "S", "1", "-1S", "+1S", "1s", "1.5S", "123456789S", " 1S"}) {
    CAPTURE(bad);
    CHECK_FALSE(net::parse_grpc_timeout(bad));
  }
}

TEST_CASE("a status message is printable ASCII, the rest as %XX", "[net][grpc]") {
  CHECK(net::grpc_message_text("all's well, 100%\n\xc3\xa4") == "all's well, 100%25%0A%C3%A4");
  net::http_fields fields;
  net::add_grpc_status(fields, {});
  CHECK(fields.get("grpc-status") == "0");
  CHECK_FALSE(fields.contains("grpc-message"));
  net::http_fields refused;
  net::add_grpc_status(refused, {grpc_code::not_found, "no \"x\""});
  CHECK(refused.get("grpc-status") == "5");
  CHECK(refused.get("grpc-message") == "no \"x\"");
}
