// Feeds arbitrary bytes to everything in which the embedded GitLab reads what clients send. The
// first byte chooses: parameters, a multipart body in pieces, small formats, or a whole request,
// which is
//
//   METHOD TARGET CONTENT-TYPE<newline>BODY
//
// with the administrator's and a runner's token in its header, to a coordinator with a database in
// memory. Run with -dict=test/fuzz/coordinator.dict.
//
// Beyond not crashing: a query means the same as a form; a body means the same in pieces; every
// request is answered, never with a 500; what says that it is JSON is JSON; times of HTTP are found
// again.
#include "runner/coordinator/api/body/multipart.hpp"
#include "runner/coordinator/api/dispatch.hpp"
#include "runner/coordinator/api/jobs/dotenv.hpp"
#include "runner/coordinator/api/jobs/expire_in.hpp"
#include "runner/coordinator/context.hpp"
#include "runner/coordinator/token.hpp"
#include "test/net/temporary_directory.hpp"
#include "test/runner/coordinator/fake_exchange.hpp"
#include "test/support/manual_time.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace corunner;
namespace json = boost::json;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void try_parameters(std::string_view text) {
  coordinator::parameters query;
  coordinator::parameters form;
  bool const readable = query.add_query(text);
  bool const blank = text.find_first_not_of(" \t\r\n") == std::string_view::npos;
  require(form.add_body("application/x-www-form-urlencoded", text) == (readable || blank));
  if (!readable || blank) return;
  require(query.all() == form.all());
  for (auto const& [key, value] : query.all()) {
    (void)query.integer(key);
    (void)query.boolean(key);
    (void)query.list(key);
    (void)query.object(key);
    (void)query.text(key);
    require(query.has(key));
  }
  require(json::parse(json::serialize(query.all())) == json::value(query.all()));
}

std::string parts_of(std::string_view body, std::size_t piece) {
  std::string seen;
  coordinator::multipart_parser parser("B");
  parser.part_begins = [&](auto const& part) {
    seen += "[" + part.name + "|" + part.filename + "]";
  };
  parser.part_data = [&](std::string_view data) { seen += data; };
  parser.part_ends = [&] { seen += "[end]"; };
  while (!body.empty()) {
    if (!parser.feed(body.substr(0, piece))) return "refused";
    body.remove_prefix(std::min(piece, body.size()));
  }
  return seen + (parser.finished() ? "[finished]" : "");
}

void try_multipart(std::string_view body) {
  auto const whole = parts_of(body, body.size() + 1);
  require(parts_of(body, 1) == whole);
  require(parts_of(body, 5) == whole);
}

void try_formats(std::string_view text) {
  (void)coordinator::parse_dotenv(text);
  (void)coordinator::parse_gzipped_dotenv(text);
  (void)coordinator::parse_expire_in(text);
  if (auto const when = coordinator::parse_http_time(std::string(text))) {
    require(coordinator::iso_time(*when).ends_with(".000Z"));
  }
}

class no_launcher final : public exec::process_launcher {
 public:
  result<std::unique_ptr<exec::process>> launch(exec::process_options const&) override {
    return error_code(asio::error::operation_not_supported);
  }
  awaitable<std::size_t> end_strays(std::string) override { co_return 0; }
};

// A coordinator with a project, and a runner that is known by "glrt-1".
class gitlab {
 public:
  gitlab() : in_(io_.get_executor(), time_, pool_, launcher_, options(), {}), answers_(in_) {
    for (auto const* const part : {"traces", "artifacts", "git"}) {
      std::filesystem::create_directories(directory_.path() / part);
    }
    in_.data.access.add_user({0, "root", "Administrator", "root@localhost", true, in_.now()});
    in_.data.access.add_token(1, coordinator::sha256("glpat-1"), "fuzz", "api");
    in_.data.access.set_setting("registration_token_hash", coordinator::sha256("GR1"));
    coordinator::project_record project;
    project.path = "group/project";
    project.default_branch = "main";
    in_.data.projects.save(project);
    coordinator::runner_record runner;
    runner.token_hash = coordinator::sha256("glrt-1");
    in_.data.runners.add(runner);
  }

  void send(std::string_view request) {
    test::fake_exchange exchange;
    auto const line = request.substr(0, request.find('\n'));
    exchange.request_body = request.substr(std::min(request.size(), line.size() + 1));
    auto const first = line.find(' ');
    auto const second = first == std::string_view::npos ? first : line.find(' ', first + 1);
    exchange.method = line.substr(0, first);
    if (first != std::string_view::npos) {
      exchange.target = line.substr(first + 1, second - first - 1);
    }
    if (second != std::string_view::npos) {
      exchange.fields.set("Content-Type", line.substr(second + 1));
    }
    exchange.path = exchange.target.substr(0, exchange.target.find('?'));
    if (exchange.path.size() < exchange.target.size()) {
      exchange.query = exchange.target.substr(exchange.path.size() + 1);
    }
    exchange.fields.set("PRIVATE-TOKEN", "glpat-1");
    exchange.fields.set("Runner-Token", "glrt-1");
    exchange.peer = "127.0.0.1:1";
    asio::co_spawn(io_, answers_.handle(exchange), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
    io_.restart();
    io_.run();
    require(exchange.finished || exchange.dropped);
    require(exchange.status != 500);
    if (exchange.answer.get("Content-Type") == "application/json") (void)json::parse(exchange.body);
  }

 private:
  coordinator::server_options options() {
    coordinator::server_options how;
    how.state_dir = directory_.path();
    how.advertised_url = "http://gitlab.test";
    how.long_poll = std::chrono::milliseconds(0);
    return how;
  }

  asio::io_context io_{1};
  test::manual_time time_{io_.get_executor()};
  net::blocking_pool pool_{0};
  no_launcher launcher_;
  test::temporary_directory directory_;
  coordinator::context in_;
  coordinator::dispatcher answers_;
};

// What one request leaves is there for the next ones, but not for ever.
void try_request(std::string_view request) {
  static std::unique_ptr<gitlab> world;
  static int age = 0;
  if (!world || ++age % 500 == 0) world = std::make_unique<gitlab>();
  world->send(request);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view const text(reinterpret_cast<char const*>(data) + 1, size - 1);
  switch (data[0] % 8) {
    case 0: try_parameters(text); break;
    case 1: try_multipart(text); break;
    case 2: try_formats(text); break;
    default: try_request(text); break;
  }
  return 0;
}
