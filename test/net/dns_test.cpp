#include "net/dns_message.hpp"
#include "net/name_files.hpp"
#include "net/static_resolver.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/settle.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/udp.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

using namespace corunner;
using namespace std::chrono_literals;
using asio::ip::make_address;

namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (auto const value : values) text += static_cast<char>(value);
  return text;
}

// A reply to `query`: its question, then the records, each with a pointer to the question's name.
std::string reply_to(std::string query, int code, std::vector<std::string> const& records) {
  query[2] = static_cast<char>(0x81);
  query[3] = static_cast<char>(0x80 | code);
  query[7] = static_cast<char>(records.size());
  for (auto const& record : records) query += record;
  return query;
}

std::string record(int type, std::string const& data) {
  return bytes({0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, static_cast<int>(data.size())}) + data;
}

std::string const address_4 = bytes({192, 0, 2, 7});

}  // namespace

TEST_CASE("a query is what RFC 1035 says", "[net][dns]") {
  CHECK(net::dns_query(0x1234, "a.bc", net::dns_type::aaaa).value() ==
        bytes({0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 2, 'b', 'c', 0, 0, 28, 0, 1}));
  auto const bad = GENERATE(as<std::string>(), "", ".", "a..b", std::string(64, 'x'),
                            std::string(300, 'x'), ".a");
  CHECK(net::dns_query(1, bad, net::dns_type::a).error() == asio::error::host_not_found);
}

TEST_CASE("addresses are read from a reply, through aliases", "[net][dns]") {
  auto const query = net::dns_query(7, "www.example", net::dns_type::a).value();
  auto const alias = record(5, bytes({3, 'w', 'e', 'b', 0xc0, 16}));
  auto const reply =
      reply_to(query, 0, {alias, record(1, address_4), record(28, std::string(16, 1))});
  auto const found = net::dns_addresses(reply, 7, net::dns_type::a);
  REQUIRE(found.has_value());
  CHECK(*found == std::vector{make_address("192.0.2.7")});
  CHECK(net::dns_addresses(reply, 8, net::dns_type::a).error() == asio::error::invalid_argument);
  CHECK(net::dns_addresses(query, 7, net::dns_type::a).error() == asio::error::invalid_argument);
  CHECK(net::dns_addresses(reply_to(query, 3, {}), 7, net::dns_type::a).error() ==
        asio::error::host_not_found);
  CHECK(net::dns_addresses(reply_to(query, 2, {}), 7, net::dns_type::a).error() ==
        asio::error::host_not_found_try_again);
  CHECK(net::dns_addresses(reply_to(query, 0, {}), 7, net::dns_type::a).value().empty());
}

TEST_CASE("a reply that was cut anywhere gives no wrong address", "[net][dns]") {
  auto const query = net::dns_query(7, "www.example", net::dns_type::a).value();
  auto const reply = reply_to(query, 0, {record(1, address_4)});
  for (std::size_t size = 0; size < reply.size(); ++size) {
    auto const found = net::dns_addresses(reply.substr(0, size), 7, net::dns_type::a);
    CAPTURE(size);
    CHECK((!found || found->empty()));
  }
}

TEST_CASE("a hosts file is read like the system does", "[net][dns]") {
  constexpr std::string_view text =
      "# comment\n127.0.0.1\tlocalhost\n192.0.2.1  Git git.example # the server\n"
      "::2 git\nnonsense git\n192.0.2.1 git\n192.0.2.9";
  CHECK(net::hosts_addresses(text, "GIT") ==
        std::vector{make_address("192.0.2.1"), make_address("::2")});
  CHECK(net::hosts_addresses(text, "git.example").size() == 1);
  CHECK(net::hosts_addresses(text, "server").empty());
  CHECK(net::hosts_addresses("", "git").empty());
}

TEST_CASE("numeric hosts and localhost need nobody", "[net][dns]") {
  CHECK(net::local_addresses("::1") == std::vector{make_address("::1")});
  CHECK(net::local_addresses("192.0.2.3") == std::vector{make_address("192.0.2.3")});
  CHECK(net::local_addresses("LocalHost") ==
        std::vector{make_address("127.0.0.1"), make_address("::1")});
  CHECK(net::local_addresses("no.such.name.invalid").empty());
}

TEST_CASE("resolv.conf is read with its defaults and bounds", "[net][dns]") {
  auto const conf = net::parse_resolv_conf(
      "# by hand\nnameserver 192.0.2.1\nnameserver bad\nnameserver ::5 ; note\n"
      "search a.example b.example\noptions ndots:5 timeout:2 attempts:9 rotate\n");
  CHECK(conf.servers == std::vector{make_address("192.0.2.1"), make_address("::5")});
  CHECK(conf.search == std::vector<std::string>{"a.example", "b.example"});
  CHECK(conf.ndots == 5);
  CHECK(conf.timeout == 2s);
  CHECK(conf.attempts == 5);
  auto const none = net::parse_resolv_conf("");
  CHECK(none.servers == std::vector{make_address("127.0.0.1")});
  CHECK(none.attempts == 2);
}

TEST_CASE("the search list comes before or after the name itself", "[net][dns]") {
  net::resolv_conf conf;
  conf.search = {"svc.local", "local"};
  using names = std::vector<std::string>;
  CHECK(net::names_to_ask(conf, "git") == names{"git.svc.local", "git.local", "git"});
  CHECK(net::names_to_ask(conf, "git.example") ==
        names{"git.example", "git.example.svc.local", "git.example.local"});
  CHECK(net::names_to_ask(conf, "git.") == names{"git"});
  conf.ndots = 2;
  CHECK(net::names_to_ask(conf, "git.example").back() == "git.example");
}

namespace {

// A name server on the loopback that knows "git.example" (IPv4 only).
awaitable<void> serve_names(asio::ip::udp::socket& socket, std::vector<std::string>& asked) {
  std::array<char, 1500> query;
  while (true) {
    asio::ip::udp::endpoint from;
    auto const [ec, size] = co_await socket.async_receive_from(
        asio::buffer(query), from, asio::as_tuple(asio::use_awaitable));
    if (ec) co_return;
    std::string text(query.data(), size);
    bool const known =
        text.find(bytes({3, 'g', 'i', 't', 7}) + "example" + bytes({0})) != text.npos;
    bool const wants_4 = text[size - 3] == 1;
    asked.push_back(wants_4 ? "A" : "AAAA");
    std::vector<std::string> records;
    if (known && wants_4) records.push_back(record(1, address_4));
    auto const reply = reply_to(text, known ? 0 : 3, records);
    co_await socket.async_send_to(asio::buffer(reply), from, asio::as_tuple(asio::use_awaitable));
  }
}

result<std::vector<asio::ip::address>> ask(asio::io_context& io, net::time_source& time,
                                           net::resolv_conf conf, std::string name,
                                           std::uint16_t port, std::function<void()> meanwhile) {
  std::optional<result<std::vector<asio::ip::address>>> found;
  asio::co_spawn(io, net::ask_name_servers(time, std::move(conf), std::move(name), port),
                 [&found](std::exception_ptr, auto got) { found = std::move(got); });
  for (int i = 0; i < 2000 && !found; ++i) {
    io.run_for(5ms);
    io.restart();
    meanwhile();
  }
  REQUIRE(found.has_value());
  return *found;
}

}  // namespace

TEST_CASE("name servers are asked for both families, with the search list", "[net][dns]") {
  asio::io_context io;
  net::real_time time;
  asio::ip::udp::socket server(io, {asio::ip::address_v4::loopback(), 0});
  std::vector<std::string> asked;
  asio::co_spawn(io, serve_names(server, asked), [](std::exception_ptr) {});
  net::resolv_conf conf;
  conf.servers = {make_address("127.0.0.1")};
  conf.search = {"other", "example"};
  auto const port = server.local_endpoint().port();
  auto const found = ask(io, time, conf, "git", port, [] {});
  REQUIRE(found.has_value());
  CHECK(*found == std::vector{make_address("192.0.2.7")});
  CHECK(asked.size() == 4);
  CHECK(ask(io, time, conf, "unknown", port, [] {}).error() == asio::error::host_not_found);
}

TEST_CASE("a name server that keeps silent is given up after its time", "[net][dns]") {
  asio::io_context io;
  test::manual_time time(io.get_executor());
  asio::ip::udp::socket silent(io, {asio::ip::address_v4::loopback(), 0});
  net::resolv_conf conf;
  conf.servers = {make_address("127.0.0.1")};
  auto const begin = time.now();
  auto const found = ask(io, time, conf, "git.example", silent.local_endpoint().port(),
                         [&time] { time.advance(1s); });
  CHECK(found.error() == asio::error::host_not_found_try_again);
  CHECK(time.now() - begin >= 10s);
}
