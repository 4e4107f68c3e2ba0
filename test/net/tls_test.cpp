#include "net/error.hpp"
#include "net/tls_stream.hpp"
#include "test/net/real_world.hpp"
#include "test/net/temporary_directory.hpp"
#include "test/support/memory_net.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <fstream>
#include <iterator>

using namespace corunner;
using Catch::Matchers::ContainsSubstring;
using test::fetch;
using test::real_world;
using test::run;

TEST_CASE("TLS with a known authority works, by name and by address", "[net][tls]") {
  test::temporary_directory directory;
  test::test_authority authority(directory.path());
  auto const version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  real_world world;
  auto& server = world.serve_tls(authority.issue("server", "DNS:localhost,IP:127.0.0.1"));
  server.only_version(version);
  net::tls_options const trusting{authority.file(), {}, {}};
  CHECK(world.get(world.tls_url("localhost"), trusting) == "GET 0");
  CHECK(world.get(world.tls_url("localhost"), trusting) == "GET 0");
  CHECK(world.get(world.tls_url("127.0.0.1"), trusting) == "GET 0");
}

TEST_CASE("the verified chain is given as PEM, leaf first", "[net][tls]") {
  test::temporary_directory directory;
  test::test_authority authority(directory.path());
  real_world world;
  auto const files = authority.issue("server", "DNS:localhost");
  world.serve_tls(files);
  net::http_request request;
  request.target = net::parse_url(world.tls_url("localhost")).value();
  request.tls = net::tls_options{authority.file(), {}, {}};
  auto const chain = [](net::http_client& client,
                        net::http_request what) -> awaitable<std::string> {
    auto const response = co_await client.send(std::move(what));
    co_return response.value().peer_certificates;
  };
  std::ifstream leaf(files.certificate);
  auto expected = std::string(std::istreambuf_iterator<char>(leaf), {}) + authority.pem();
  expected.pop_back();
  CHECK(run(world.io, chain(world.client, std::move(request))) == expected);
}

TEST_CASE("a certificate that does not prove the peer is refused by name", "[net][tls]") {
  test::temporary_directory directory;
  test::test_authority authority(directory.path());
  test::test_authority other(directory.path(), "other authority");
  struct row {
    char const* what;
    test::test_authority::pair files;
    std::filesystem::path trusted;
    char const* text;
  };
  auto const good = authority.issue("good", "DNS:localhost");
  std::vector<row> const rows{
      {"unknown authority", good, other.file(), "x509: certificate signed by unknown authority"},
      {"no authority", good, "", "x509: certificate signed by unknown authority"},
      {"missing file", good, directory.path() / "none",
       "x509: certificate signed by unknown authority"},
      {"other host", authority.issue("wrong", "DNS:example.com,IP:127.0.0.2"), authority.file(),
       "x509: certificate is valid for example.com, not localhost"},
      {"expired", authority.issue("old", "DNS:localhost", -7000, -60), authority.file(),
       "x509: certificate has expired or is not yet valid"},
      {"not yet valid", authority.issue("new", "DNS:localhost", 600, 7000), authority.file(),
       "x509: certificate has expired or is not yet valid"},
  };
  for (auto const& one : rows) {
    CAPTURE(one.what);
    real_world world;
    world.serve_tls(one.files);
    net::tls_options const options{one.trusted, {}, {}};
    CHECK_THAT(world.get(world.tls_url("localhost"), options), ContainsSubstring(one.text));
  }
  real_world world;
  world.serve_tls(authority.issue("wrong", "IP:127.0.0.2"));
  CHECK_THAT(world.get(world.tls_url("127.0.0.1"), net::tls_options{authority.file(), {}, {}}),
             ContainsSubstring("x509: certificate is valid for 127.0.0.2, not 127.0.0.1"));
}

TEST_CASE("a server that speaks no TLS is an error that says so", "[net][tls]") {
  real_world world;
  world.serve("127.0.0.1");
  CHECK_THAT(world.get(world.tls_url("localhost")), ContainsSubstring("tls: wrong version number"));
}

TEST_CASE("the client shows its certificate when it is asked", "[net][tls]") {
  test::temporary_directory directory;
  test::test_authority authority(directory.path());
  auto const own = authority.issue("client", "DNS:client");
  real_world world;
  world.serve_tls(authority.issue("server", "DNS:localhost")).ask_client(authority.file());
  net::tls_options options{authority.file(), {}, {}};
  CHECK_THAT(world.get(world.tls_url("localhost"), options),
             ContainsSubstring("remote error: tls: "));
  test::test_authority other(directory.path(), "other authority");
  auto const foreign = other.issue("client", "DNS:client");
  options.certificate_file = foreign.certificate;
  options.key_file = foreign.key;
  CHECK_THAT(world.get(world.tls_url("localhost"), options),
             ContainsSubstring("remote error: tls: unknown CA"));
  options.certificate_file = own.certificate;
  options.key_file = own.key;
  CHECK(world.get(world.tls_url("localhost"), options) == "GET 0");
}

TEST_CASE("a changed authority file is read again", "[net][tls]") {
  test::temporary_directory directory;
  test::test_authority authority(directory.path());
  test::test_authority other(directory.path(), "other authority");
  auto const file = directory.path() / "ca.crt";
  std::filesystem::copy_file(other.file(), file);
  real_world world;
  world.serve_tls(authority.issue("server", "DNS:localhost"));
  net::tls_options const options{file, {}, {}};
  CHECK_THAT(world.get(world.tls_url("localhost"), options),
             ContainsSubstring("unknown authority"));
  std::ofstream(file) << authority.pem();
  CHECK(world.get(world.tls_url("localhost"), options) == "GET 0");
}

TEST_CASE("a certificate file that cannot be used is reported and left out", "[net][tls]") {
  test::temporary_directory directory;
  test::test_authority authority(directory.path());
  auto const broken = directory.path() / "broken.crt";
  std::ofstream(broken) << "not PEM\n";
  real_world world;
  std::vector<std::string> warnings;
  world.dialer.warn = [&warnings](std::string const& text) { warnings.push_back(text); };
  world.serve_tls(authority.issue("server", "DNS:localhost"));
  world.get(world.tls_url("localhost"), net::tls_options{broken, broken, broken});
  CHECK(warnings ==
        std::vector<std::string>{"Failed to parse PEM in " + broken.string(),
                                 "Failed to parse client certificate pair " + broken.string() +
                                     ", " + broken.string()});
}

TEST_CASE("megabytes pass through TLS both ways", "[net][tls]") {
  test::temporary_directory directory;
  test::test_authority authority(directory.path());
  real_world world;
  world.serve_tls(authority.issue("server", "DNS:localhost"));
  net::http_request request;
  request.target = net::parse_url(world.tls_url("localhost")).value();
  request.method = "POST";
  request.body = net::http_body::of(std::string(8 << 20, 'x'));
  request.tls = net::tls_options{authority.file(), {}, {}};
  CHECK(run(world.io, fetch(world.client, std::move(request))) == "POST 8388608");
}

namespace {

// A client and a server that shake hands over `pipe`, then send `size` bytes each way at once.
awaitable<bool> exchange(test::pipe_pair& pipe, net::ssl_context server, net::ssl_context client,
                         std::size_t size) {
  using namespace asio::experimental::awaitable_operators;
  auto both = co_await (net::tls_connect(std::move(pipe.first), client, "h") &&
                        net::tls_accept(std::move(pipe.second), server));
  auto const near = std::move(std::get<0>(both)).value();
  auto const far = std::move(std::get<1>(both)).value();
  auto const send = [size](net::stream& to) -> awaitable<bool> {
    std::string const bytes(size, 'x');
    auto const ec = co_await to.write(asio::buffer(bytes));
    auto const ended = co_await to.shutdown_write();
    co_return !ec && !ended;
  };
  auto const receive = [size](net::stream& from) -> awaitable<bool> {
    std::string piece(10'000, '\0');
    std::size_t total = 0;
    while (true) {
      auto const got = co_await from.read_some(asio::buffer(piece));
      if (!got) co_return got.error() == asio::error::eof && total == size;
      total += *got;
    }
  };
  auto const [a, b, c, d] =
      co_await (send(*near) && receive(*near) && send(*far) && receive(*far));
  co_return a && b && c && d;
}

}  // namespace

TEST_CASE("TLS passes through small buffers and split reads, both ways at once", "[net][tls]") {
  test::temporary_directory directory;
  test::test_authority authority(directory.path());
  auto const files = authority.issue("server", "DNS:h");
  net::ssl_context const server(SSL_CTX_new(TLS_server_method()), net::ssl_context_deleter());
  SSL_CTX_use_certificate_chain_file(server.get(), files.certificate.c_str());
  SSL_CTX_use_PrivateKey_file(server.get(), files.key.c_str(), SSL_FILETYPE_PEM);
  net::tls_options const trusting{authority.file(), {}, {}};
  auto const client = net::make_client_context(trusting, {}).value();
  asio::io_context io;
  test::pipe_options how;
  how.capacity = 2000;  // the server's session tickets fit, the data does not
  how.to_first.split_seed = 1;
  how.to_second.split_seed = 2;
  how.to_second.piece = 100;
  auto pipe = test::make_pipe(io.get_executor(), how);
  CHECK(run(io, exchange(pipe, server, client, 100'000)));
}

TEST_CASE("a TLS connection that is cut is not taken for one that ended", "[net][tls]") {
  test::temporary_directory directory;
  test::test_authority authority(directory.path());
  auto const files = authority.issue("server", "DNS:h");
  net::ssl_context const server(SSL_CTX_new(TLS_server_method()), net::ssl_context_deleter());
  SSL_CTX_use_certificate_chain_file(server.get(), files.certificate.c_str());
  SSL_CTX_use_PrivateKey_file(server.get(), files.key.c_str(), SSL_FILETYPE_PEM);
  net::tls_options const trusting{authority.file(), {}, {}};
  auto const client = net::make_client_context(trusting, {}).value();
  asio::io_context io;
  auto pipe = test::make_pipe(io.get_executor());
  auto const cut = [](test::pipe_pair& ends, net::ssl_context a, net::ssl_context b)
      -> awaitable<error_code> {
    using namespace asio::experimental::awaitable_operators;
    auto both = co_await (net::tls_connect(std::move(ends.first), a, "h") &&
                          net::tls_accept(std::move(ends.second), b));
    auto const near = std::move(std::get<0>(both)).value();
    auto const far = std::move(std::get<1>(both)).value();
    far->close();
    std::string piece(10, '\0');
    auto const got = co_await near->read_some(asio::buffer(piece));
    co_return got ? error_code() : got.error();
  };
  CHECK(run(io, cut(pipe, client, server)) == asio::error::connection_reset);
}
