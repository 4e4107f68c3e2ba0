#include "net/sockets.hpp"

#include "net/error.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/task_group.hpp"
#include "net/tls_stream.hpp"
#include "test/net/certificates.hpp"
#include "test/net/temporary_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <boost/asio/local/stream_protocol.hpp>

#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

using namespace corunner;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

// Runs `work` on real sockets to its end.
template <class T>
T run(asio::io_context& io, awaitable<T> work) {
  std::optional<T> value;
  std::exception_ptr failure;
  asio::co_spawn(io, std::move(work), [&](std::exception_ptr why, T got) {
    failure = why;
    value = std::move(got);
    io.stop();
  });
  io.restart();
  io.run_for(20s);
  if (failure) std::rethrow_exception(failure);
  REQUIRE(value.has_value());
  return std::move(*value);
}

std::uint16_t port_of(net::listener const& at) {
  auto const text = at.address();
  return static_cast<std::uint16_t>(std::stoi(text.substr(text.rfind(':') + 1)));
}

// TLS on every connection that another listener accepts.
class tls_listener final : public net::listener {
 public:
  tls_listener(net::listener& lower, test::test_authority::pair const& files)
      : lower_(lower), context_(SSL_CTX_new(TLS_server_method()), net::ssl_context_deleter()) {
    SSL_CTX_use_certificate_chain_file(context_.get(), files.certificate.c_str());
    SSL_CTX_use_PrivateKey_file(context_.get(), files.key.c_str(), SSL_FILETYPE_PEM);
  }
  void ask_client(std::filesystem::path const& authority) {
    SSL_CTX_load_verify_file(context_.get(), authority.c_str());
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  void only_version(int version) { SSL_CTX_set_max_proto_version(context_.get(), version); }

  awaitable<result<std::unique_ptr<net::stream>>> accept() override {
    auto plain = co_await lower_.accept();
    if (!plain) co_return plain.error();
    auto secured = co_await net::tls_accept(std::move(*plain), context_);
    co_return secured ? std::move(secured) : error_code(asio::error::connection_aborted);
  }
  std::string address() const override { return lower_.address(); }
  void close() noexcept override { lower_.close(); }

 private:
  net::listener& lower_;
  net::ssl_context context_;
};

awaitable<void> hello(net::http_exchange& exchange) {
  auto const body = co_await exchange.read_all(64 << 20);
  auto text = exchange.method + ' ' + std::to_string(body ? body->size() : 0);
  co_await exchange.respond(200, {}, std::move(text));
}

awaitable<std::string> fetch(net::http_client& client, net::http_request request) {
  auto response = co_await client.send(std::move(request));
  if (!response) co_return "error: " + response.error().message();
  auto const body = co_await response->read_all(64 << 20);
  co_return body ? *body : "error: " + body.error().message();
}

struct real_world {
  asio::io_context io;
  net::real_time time;
  net::socket_dialer dialer{time};
  net::http_client client{dialer, time, {.user_agent = "tests"}};
  net::http_server server{io.get_executor(), time, hello};
  std::unique_ptr<net::listener> plain;
  std::optional<tls_listener> secured;
  net::task_group children{io.get_executor()};

  // Serves on a free port of `host`, which is returned.
  std::uint16_t serve(std::string const& host) {
    plain = net::listen_tcp(io.get_executor(), host, 0).value();
    children.spawn(server.serve(*plain));
    return port_of(*plain);
  }
  tls_listener& serve_tls(test::test_authority::pair const& files) {
    plain = net::listen_tcp(io.get_executor(), "127.0.0.1", 0).value();
    secured.emplace(*plain, files);
    children.spawn(server.serve(*secured));
    return *secured;
  }
  std::string tls_url(std::string const& host) const {
    return "https://" + host + ":" + std::to_string(port_of(*plain)) + "/";
  }

  ~real_world() { run(io, stop()); }
  awaitable<bool> stop() {
    server.stop();
    co_await server.drain(0s);
    children.cancel();
    co_await children.join();
    co_return true;
  }
  std::string get(std::string const& target, std::optional<net::tls_options> tls = {}) {
    net::http_request request;
    request.target = net::parse_url(target).value();
    request.tls = std::move(tls);
    return run(io, fetch(client, std::move(request)));
  }
};

}  // namespace

TEST_CASE("a client and a server talk over TCP", "[net][sockets]") {
  auto const host = GENERATE(as<std::string>(), "127.0.0.1", "::1", "localhost");
  CAPTURE(host);
  real_world world;
  net::url at;
  at.scheme = "http";
  at.host = host;
  at.port = world.serve(host);
  CHECK(world.get(at.to_string()) == "GET 0");
}

TEST_CASE("a client and a server talk over a unix socket, which only we may open",
          "[net][sockets]") {
  test::temporary_directory directory;
  auto const path = directory.path() / "socket";
  real_world world;
  world.plain = net::listen_unix(world.io.get_executor(), path).value();
  CHECK(world.plain->address() == "unix:" + path.string());
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  world.children.spawn(world.server.serve(*world.plain));
  net::http_request request;
  request.target = net::parse_url("http://docker/").value();
  request.unix_path = path;
  CHECK(run(world.io, fetch(world.client, std::move(request))) == "GET 0");
  world.plain->close();
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a socket file of a dead process is replaced, one of a living is not", "[net][sockets]") {
  test::temporary_directory directory;
  auto const path = directory.path() / "socket";
  asio::io_context io;
  {
    asio::local::stream_protocol::acceptor left(io, path.string());
  }
  REQUIRE(std::filesystem::exists(path));
  auto const first = net::listen_unix(io.get_executor(), path);
  REQUIRE(first.has_value());
  CHECK(net::listen_unix(io.get_executor(), path).error() == asio::error::address_in_use);
  auto const long_path = directory.path() / std::string(200, 'x');
  CHECK(net::listen_unix(io.get_executor(), long_path).error() == asio::error::name_too_long);
}

TEST_CASE("sockets do not leak into children", "[net][sockets]") {
  real_world world;
  auto const port = world.serve("127.0.0.1");
  REQUIRE(world.get("http://127.0.0.1:" + std::to_string(port)) == "GET 0");
  for (auto const& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    auto const target = std::filesystem::read_symlink(entry, gone).string();
    if (gone || !target.starts_with("socket:")) continue;
    CAPTURE(target);
    CHECK((::fcntl(std::stoi(entry.path().filename()), F_GETFD) & FD_CLOEXEC) != 0);
  }
}

TEST_CASE("dialing where nobody is says so", "[net][sockets]") {
  real_world world;
  std::uint16_t port = 0;
  {
    auto const gone = net::listen_tcp(world.io.get_executor(), "127.0.0.1", 0).value();
    port = port_of(*gone);
  }
  auto const text = world.get("http://localhost:" + std::to_string(port));
  CHECK_THAT(text, ContainsSubstring("Connection refused"));
  CHECK(net::listen_tcp(world.io.get_executor(), "no.such.name.invalid", 0).error() ==
        asio::error::host_not_found);
}

TEST_CASE("an empty host listens on every address", "[net][sockets]") {
  real_world world;
  auto const port = std::to_string(world.serve(""));
  CHECK(world.get("http://127.0.0.1:" + port) == "GET 0");
}

TEST_CASE("an idle connection that its server closed is noticed", "[net][sockets]") {
  asio::io_context io;
  net::real_time time;
  net::socket_dialer dialer(time);
  auto const listener = net::listen_tcp(io.get_executor(), "127.0.0.1", 0).value();
  auto const work = [](net::dialer& by, net::listener& at, net::time_source& clock)
      -> awaitable<bool> {
    net::dial_target const target{.host = "127.0.0.1", .port = port_of(at)};
    auto const near = (co_await by.dial(target)).value();
    auto far = (co_await at.accept()).value();
    CHECK(near->quiet());
    far->close();
    for (int i = 0; i < 1000 && near->quiet(); ++i) co_await clock.sleep_for(1ms);
    co_return !near->quiet();
  };
  CHECK(run(io, work(dialer, *listener, time)));
}

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
  auto const chain = [](net::http_client& client, net::http_request what) -> awaitable<std::string> {
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
      {"missing file", good, directory.path() / "none", "x509: certificate signed by unknown authority"},
      {"other host", authority.issue("wrong", "DNS:example.com,IP:127.0.0.2"), authority.file(),
       "x509: certificate is not valid for this host name"},
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
             ContainsSubstring("not valid for this host name"));
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
  CHECK_THAT(world.get(world.tls_url("localhost"), options), ContainsSubstring("error: tls"));
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
  CHECK_THAT(world.get(world.tls_url("localhost"), options), ContainsSubstring("unknown authority"));
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
