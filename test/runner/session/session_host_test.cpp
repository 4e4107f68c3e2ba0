#include "runner/session/session_host.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;

namespace {

std::string host(std::string listen, std::string advertise = "") {
  config::session_server settings;
  settings.listen_address = std::move(listen);
  settings.advertise_address = std::move(advertise);
  auto const found = session_host_of(settings);
  return found ? found->name : "error: " + found.error().message;
}

}  // namespace

TEST_CASE("sessions are at the advertised host, else at the one listened on", "[session]") {
  CHECK(host("0.0.0.0:8093") == "0.0.0.0");
  CHECK(host("0.0.0.0:8093", "runner.example.com:443") == "runner.example.com");
  CHECK(host("127.0.0.1:8093", ":443") == "127.0.0.1");
  CHECK(host("[::1]:8093") == "::1");
}

TEST_CASE("an address that GitLab could not use is refused", "[session]") {
  CHECK(host(":8093") == "error: no valid address provided");
  CHECK(host("localhost") == "error: no valid address provided");
  CHECK(host("::1") == "error: no valid address provided");
  CHECK(host("0.0.0.0:8093", "https://runner.example.com:443") ==
        "error: url not valid, scheme defined");
  CHECK(host("0.0.0.0:8093", "http://runner.example.com") ==
        "error: url not valid, scheme defined");
}

TEST_CASE("an address that cannot be read is named and passed over", "[session]") {
  config::session_server settings;
  settings.advertise_address = "runner.example.com";
  settings.listen_address = "localhost:8093";
  auto const found = session_host_of(settings);
  REQUIRE(found.has_value());
  CHECK(found->name == "localhost");
  CHECK(found->unreadable == std::vector<std::string>{"runner.example.com"});
}
