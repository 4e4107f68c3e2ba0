#include "runner/coordinator/server.hpp"

#include "net/http_client.hpp"
#include "net/http_text.hpp"
#include "net/sockets.hpp"
#include "runner/coordinator/snapshot.hpp"
#include "runner/pipeline/pipeline.hpp"
#include "test/runner/coordinator/git/git_world.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

using namespace corunner;
using namespace std::chrono_literals;

namespace {

// A whole server on a real socket, with a client.
class server_world : public test::git_world {
 public:
  net::blocking_pool pool;
  std::unique_ptr<coordinator::server> server;
  net::socket_dialer dialer{loop.time};
  net::http_client client{dialer, loop.time, {"test"}};
  bool ended = false;

  server_world() { start(); }
  ~server_world() { stop(); }

  void start() {
    coordinator::server_options how;
    how.state_dir = path("coordinator");
    server = std::make_unique<coordinator::server>(loop.io.get_executor(), loop.time, pool,
                                                   launcher, how);
    auto const failure = server->open();
    REQUIRE_FALSE(failure);
    ended = false;
    asio::co_spawn(loop.io, server->run(), [this](std::exception_ptr) { ended = true; });
  }

  void stop() {
    client.close_idle();
    server->stop();
    for (int i = 0; i < 300 && !ended; ++i) loop.io.run_one_for(100ms);
  }

  struct got {
    int status = 0;
    std::string body;
  };
  awaitable<got> send(std::string method, std::string target, std::string body,
                      net::http_fields fields) {
    net::http_request request;
    request.method = std::move(method);
    request.target = *net::parse_url(server->url() + target);
    request.fields = std::move(fields);
    if (!body.empty()) request.body = net::http_body::of(std::move(body));
    auto response = co_await client.send(std::move(request));
    got made;
    if (!response) co_return made;
    made.status = response->status;
    auto text = co_await response->read_all(64u << 20);
    if (text) made.body = std::move(*text);
    co_return made;
  }
  got call(std::string method, std::string target, std::string body = {},
           net::http_fields fields = {}) {
    if (!fields.contains("Content-Type")) fields.set("Content-Type", "application/json");
    return loop.run(send(std::move(method), std::move(target), std::move(body), std::move(fields)));
  }
};

std::int64_t start_pipeline(server_world& world, std::string const& repository) {
  coordinator::snapshot_options how;
  how.directory = world.path(repository);
  how.git_dir = world.path("coordinator/git/1.git");
  auto outcome = world.loop.run(coordinator::take_snapshot(world.git, how));
  REQUIRE(outcome.taken);
  auto evaluation = world.loop.run(coordinator::evaluate_snapshot(
      world.git, *outcome.taken, coordinator::source_of(*outcome.taken)));
  INFO(pipeline::to_string(evaluation.errors));
  REQUIRE(evaluation.outcome == pipeline::verdict::planned);
  auto const project =
      world.server->add_project({outcome.taken->project_path, world.path(repository), "main"});
  auto const started = world.loop.run(
      world.server->start_pipeline(project, std::move(evaluation.plan), *outcome.taken));
  CHECK(started.failure.empty());
  return started.id;
}

boost::json::value take_job(server_world& world, std::string const& token) {
  auto const got = world.call(
      "POST", "/api/v4/jobs/request",
      R"({"token":")" + token + R"(","info":{"features":{"two_phase_job_commit":true}}})");
  REQUIRE(got.status == 201);
  return boost::json::parse(got.body);
}

}  // namespace

TEST_CASE("a job clones the snapshot with its token, nobody else does",
          "[coordinator][git][sockets]") {
  server_world world;
  world.make_repository("repo");
  world.write("repo/.gitlab-ci.yml", "build:\n  script: make\n");
  world.write("repo/big.bin", std::string(3'000'000, 'x') + std::string(1000, 'y'));
  auto const id = start_pipeline(world, "repo");
  auto const runner = world.server->add_runner({"one"});
  auto const job = take_job(world, runner.token);
  std::string const token(job.at("token").as_string());
  std::string const url(job.at("git_info").at("repo_url").as_string());
  std::string const sha(job.at("git_info").at("sha").as_string());

  // As the runner does it: init, fetch the refspecs by depth, check the commit out.
  std::filesystem::create_directories(world.path("checkout"));
  world.run("checkout", {"init", "--quiet"});
  auto const refspec = fmt::format("+refs/pipelines/{0}:refs/pipelines/{0}", id);
  world.run("checkout", {"fetch", "--quiet", "--depth", "20", url, refspec,
                         "+refs/heads/main:refs/remotes/origin/main"});
  world.run("checkout", {"checkout", "--quiet", sha});
  CHECK(world.read("checkout/big.bin") == world.read("repo/big.bin"));
  world.run(".", {"clone", "--quiet", url, "clone"});
  CHECK(world.run("clone", {"rev-parse", "origin/main"}) == sha);

  auto const bare = world.server->url() + "/local/repo.git";
  auto const refused = world.try_run(".", {"clone", bare, "no"});
  CHECK_FALSE(refused.ok());
  auto const direct = world.call("GET", "/local/repo.git/info/refs?service=git-upload-pack");
  CHECK(direct.status == 401);
  world.write("clone/new.txt", "x");
  world.run("clone", {"add", "."});
  world.run("clone", {"-c", "user.name=a", "-c", "user.email=b", "commit", "--quiet", "-m", "x"});
  auto const push = world.try_run("clone", {"push", "origin", "HEAD:refs/heads/main"});
  CHECK_FALSE(push.ok());
  CHECK(push.err.find("403") != std::string::npos);

  world.call("PUT", fmt::format("/api/v4/jobs/{}", job.at("id").as_int64()),
             R"({"token":")" + token + R"(","state":"running"})");
  world.call("PUT", fmt::format("/api/v4/jobs/{}", job.at("id").as_int64()),
             R"({"token":")" + token + R"(","state":"success"})");
  CHECK(world.server->find_pipeline(id)->status == "success");
  CHECK_FALSE(world.try_run(".", {"clone", url, "late"}).ok());
}

TEST_CASE("every version of git's protocol is spoken, long requests too",
          "[coordinator][git][sockets]") {
  server_world world;
  world.make_repository("repo");
  world.write("repo/.gitlab-ci.yml", "build:\n  script: make\n");
  start_pipeline(world, "repo");
  auto const runner = world.server->add_runner({"one"});
  auto const job = take_job(world, runner.token);
  std::string const url(job.at("git_info").at("repo_url").as_string());
  std::string const sha(job.at("git_info").at("sha").as_string());
  auto const version = GENERATE("protocol.version=0", "protocol.version=1", "protocol.version=2");
  CAPTURE(version);
  // The second asks what the first asked.
  for (std::string const name : {"first", "second"}) {
    world.run(".", {"-c", version, "clone", "--quiet", url, name});
    CHECK(world.run(name, {"rev-parse", "origin/main"}) == sha);
  }
  // A history that the server does not have makes a request that git compresses.
  world.make_repository("other");
  std::string history;
  for (int i = 0; i != 200; ++i) {
    history += fmt::format(
        "commit refs/heads/b{0}\ncommitter A <a@example.com> {0} +0000\ndata 1\nx\n", 1000 + i);
  }
  coordinator::git_call import;
  import.directory = world.path("other");
  import.arguments = {"fast-import", "--quiet"};
  import.input = history;
  REQUIRE(world.loop.run(world.git.run(std::move(import))).ok());
  world.run("other", {"-c", version, "fetch", "--quiet", url, "main"});
  CHECK(world.run("other", {"rev-parse", "FETCH_HEAD"}) == sha);
}

TEST_CASE("a job is told what git cannot ask for", "[coordinator][git][sockets]") {
  server_world world;
  world.make_repository("repo");
  world.write("repo/.gitlab-ci.yml", "build:\n  script: make\n");
  start_pipeline(world, "repo");
  auto const runner = world.server->add_runner({"one"});
  std::string const token(take_job(world, runner.token).at("token").as_string());
  auto const ask = [&](std::string method, std::string what, std::string body = {},
                       std::string type = {}) {
    net::http_fields fields;
    fields.set("Authorization", net::basic_credentials("gitlab-ci-token", token));
    if (!type.empty()) fields.set("Content-Type", type);
    return world
        .call(std::move(method), "/local/repo.git" + what, std::move(body), std::move(fields))
        .status;
  };
  std::string const question = "application/x-git-upload-pack-request";
  CHECK(ask("GET", "/info/refs?service=git-upload-pack") == 200);
  CHECK(ask("GET", "/info/refs") == 403);
  CHECK(ask("GET", "/info/refs?service=git-receive-pack") == 403);
  CHECK(ask("POST", "/git-receive-pack", "0000") == 403);
  CHECK(ask("GET", "/HEAD") == 404);
  CHECK(ask("GET", "/git-upload-pack") == 415);
  CHECK(ask("POST", "/git-upload-pack", "0000", "text/plain") == 415);
  CHECK(ask("POST", "/git-upload-pack", "0000", question) == 200);
  CHECK(ask("POST", "/git-upload-pack", "this is not git", question) == 500);
  CHECK(ask("POST", "/git-upload-pack", std::string((8 << 20) + 1, '0'), question) == 413);
}

TEST_CASE("everything is there again after a restart", "[coordinator][sockets]") {
  server_world world;
  world.make_repository("repo");
  world.write("repo/.gitlab-ci.yml", "build:\n  script: make\n");
  auto const administrator = world.server->administrator_token();
  CHECK(administrator.starts_with("glpat-"));
  auto const id = start_pipeline(world, "repo");
  auto const runner = world.server->add_runner({"one"});
  auto const lost = take_job(world, runner.token);
  world.stop();
  world.start();
  CHECK(world.server->administrator_token().empty());
  auto const again = take_job(world, runner.token);
  CHECK(again.at("id") == lost.at("id"));
  CHECK(again.at("token") != lost.at("token"));
  net::http_fields fields{{"PRIVATE-TOKEN", administrator}};
  auto const shown =
      world.call("GET", fmt::format("/api/v4/projects/1/pipelines/{}", id), {}, fields);
  CHECK(shown.status == 200);
  CHECK(world.server->jobs(id).size() == 1);
}

TEST_CASE("a pipeline can be started over HTTP from the project's repository",
          "[coordinator][sockets]") {
  server_world world;
  world.make_repository("repo");
  world.write("repo/.gitlab-ci.yml", "build:\n  script: make\n  tags: [rare]\n");
  world.run("repo", {"add", "."});
  world.run("repo", {"commit", "--quiet", "-m", "ci"});
  world.server->add_project({"group/repo", world.path("repo"), "main"});
  net::http_fields fields{{"PRIVATE-TOKEN", world.server->administrator_token()}};
  auto const made = world.call("POST", "/api/v4/projects/group%2Frepo/pipeline",
                               R"({"ref":"main","variables":[{"key":"A","value":"b"}]})", fields);
  REQUIRE(made.status == 201);
  CHECK(boost::json::parse(made.body).at("status") == "pending");
  auto const wrong =
      world.call("POST", "/api/v4/projects/group%2Frepo/pipeline", R"({"ref":"nope"})", fields);
  CHECK(wrong.status == 400);
  world.server->add_runner({"one"});
  REQUIRE(world.server->stuck_jobs().size() == 1);
  CHECK(world.server->stuck_jobs()[0].tags == std::vector<std::string>{"rare"});
}

TEST_CASE("stopping the server ends a held poll and run()", "[coordinator][sockets]") {
  server_world world;
  auto const runner = world.server->add_runner({"one"});
  auto const body = R"({"token":")" + runner.token + R"("})";
  net::http_request request;
  request.method = "POST";
  request.target = *net::parse_url(world.server->url() + "/api/v4/jobs/request");
  request.fields = {{"Content-Type", "application/json"}};
  request.body = net::http_body::of(body);
  auto first = world.loop.run(world.client.send(request));
  REQUIRE(first.has_value());
  auto const value = std::string(first->fields.get("X-GitLab-Last-Update"));
  std::optional<int> status;
  request.body =
      net::http_body::of(R"({"token":")" + runner.token + R"(","last_update":")" + value + R"("})");
  auto poll = [](server_world& in, net::http_request what,
                 std::optional<int>& into) -> awaitable<void> {
    auto response = co_await in.client.send(std::move(what));
    into = response ? response->status : -1;
  };
  asio::co_spawn(world.loop.io, poll(world, request, status), [](std::exception_ptr) {});
  for (int i = 0; i < 20; ++i) world.loop.io.run_one_for(10ms);
  CHECK_FALSE(status);
  world.stop();
  CHECK(world.ended);
  CHECK(status == 204);
}
