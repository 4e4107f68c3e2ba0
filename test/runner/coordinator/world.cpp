#include "test/runner/coordinator/world.hpp"

#include "runner/coordinator/token.hpp"
#include "runner/pipeline/pipeline.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>
#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

namespace corunner::test {

namespace {

class no_files final : public pipeline::file_reader {
 public:
  std::optional<std::string> read(std::string_view) override { return std::nullopt; }
  std::vector<std::string> list() override { return {}; }
};

constexpr auto all_features =
    R"({"upload_multiple_artifacts":true,"refspecs":true,"artifacts_exclude":true,)"
    R"("multi_build_steps":true,"return_exit_code":true,"fallback_cache_keys":true,)"
    R"("two_phase_job_commit":true,"cancel_gracefully":true})";

}  // namespace

boost::json::value answer::json() const { return boost::json::parse(body); }

std::vector<std::int64_t> ids_of(answer const& got) {
  INFO(got.body);
  REQUIRE(got.status == 200);
  std::vector<std::int64_t> ids;
  auto const items = got.json().as_array();
  for (auto const& item : items) ids.push_back(item.at("id").as_int64());
  return ids;
}

coordinator_world::coordinator_world(coordinator::server_options how) {
  how.state_dir = directory.path();
  if (how.advertised_url.empty()) how.advertised_url = "http://coordinator.test";
  for (auto const* const part : {"traces", "artifacts", "git"}) {
    std::filesystem::create_directories(directory.path() / part);
  }
  in = std::make_unique<coordinator::context>(io.get_executor(), time, pool, launcher,
                                              std::move(how), std::filesystem::path());
  in->data.access.add_user({0, "root", "Administrator", "root@localhost", true, in->now()});
  in->data.access.add_token(1, coordinator::sha256(admin), "test", "api");
  in->data.access.set_setting("registration_token_hash",
                              coordinator::sha256("GR1348941registration"));
  answers = std::make_unique<coordinator::dispatcher>(*in);
}

std::shared_ptr<fake_exchange> coordinator_world::begin(std::string const& method,
                                                        std::string const& target,
                                                        std::string const& body,
                                                        net::http_fields fields) {
  auto exchange = std::make_shared<fake_exchange>();
  exchange->method = method;
  exchange->target = target;
  exchange->path = target.substr(0, target.find('?'));
  if (target.find('?') != std::string::npos) exchange->query = target.substr(target.find('?') + 1);
  exchange->fields = std::move(fields);
  exchange->peer = "127.0.0.1:4242";
  if (!exchange->fields.contains("Content-Type")) {
    exchange->fields.set("Content-Type", "application/json");
  }
  exchange->request_body = body;
  auto work = [](coordinator::dispatcher& by,
                 std::shared_ptr<fake_exchange> one) -> awaitable<void> {
    co_await by.handle(*one);
  };
  asio::co_spawn(io, work(*answers, exchange), [exchange](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
  return exchange;
}

answer coordinator_world::call(std::string const& method, std::string const& target,
                               std::string const& body, net::http_fields fields) {
  auto const exchange = begin(method, "/api/v4" + target, body, std::move(fields));
  // Files are read and written on real threads.
  auto const limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  settle(io);
  while (!exchange->finished && !exchange->dropped && std::chrono::steady_clock::now() < limit) {
    io.restart();
    io.run_one_for(std::chrono::milliseconds(100));
  }
  settle(io);
  REQUIRE((exchange->finished || exchange->dropped));
  return {exchange->status, exchange->answer, exchange->body};
}

answer coordinator_world::admin_call(std::string const& method, std::string const& target,
                                     std::string const& body) {
  return user_call(admin, method, target, body);
}

answer coordinator_world::user_call(std::string const& token, std::string const& method,
                                    std::string const& target, std::string const& body) {
  net::http_fields fields{{"PRIVATE-TOKEN", token}};
  return call(method, target, body, std::move(fields));
}

std::int64_t coordinator_world::add_user(std::string const& name, bool auditor) {
  coordinator::user_record user;
  user.username = name;
  user.name = name;
  user.email = name + "@localhost";
  user.created_at = in->now();
  user.auditor = auditor;
  auto const id = in->data.access.add_user(user);
  in->data.access.add_token(id, coordinator::sha256("glpat-" + name), "test", "api");
  return id;
}

void coordinator_world::add_member(std::string const& name, std::string const& path,
                                   coordinator::role level) {
  auto const user = in->data.access.find_user(name);
  REQUIRE(user);
  if (auto const group = in->data.projects.find_group(path)) {
    in->data.members.set_in_group(user->id, *group, level);
    return;
  }
  auto const project = in->data.projects.find(path);
  REQUIRE(project);
  in->data.members.set_in_project(user->id, project->id, level);
}

std::int64_t coordinator_world::make_runner(std::string const& json_body) {
  auto const made = admin_call("POST", "/user/runners", json_body);
  INFO(made.body);
  REQUIRE(made.status == 201);
  return made.json().at("id").as_int64();
}

std::int64_t coordinator_world::add_runner(std::string const& token, std::vector<std::string> tags,
                                           bool run_untagged) {
  coordinator::runner_record runner;
  runner.token_hash = coordinator::sha256(token);
  runner.uuid = coordinator::make_uuid(in->now());
  runner.created_at = in->now();
  runner.updated_at = in->now();
  runner.tags = std::move(tags);
  runner.run_untagged = run_untagged;
  in->data.runners.add(runner);
  return runner.id;
}

std::int64_t coordinator_world::add_project(std::string const& path) {
  coordinator::project_record project;
  project.path = path;
  project.default_branch = "main";
  project.created_at = in->now();
  in->data.projects.save(project);
  return project.id;
}

std::int64_t coordinator_world::add_pipeline(std::string const& yaml, std::int64_t project,
                                             bool ref_protected) {
  if (!in->data.projects.find(project)) project = add_project();
  pipeline::pipeline_source source;
  source.commit.sha = std::string(40, 'a');
  source.commit.ref = "main";
  source.commit.author = "A <a@example.com>";
  source.commit.message = "a commit\n";
  source.commit.timestamp = "2026-01-02T03:04:05+00:00";
  source.commit.ref_protected = ref_protected;
  source.project.path = "group/project";
  source.server.url = in->url();
  no_files files;
  auto evaluation = pipeline::evaluate(yaml, files, source);
  INFO(pipeline::to_string(evaluation.errors));
  REQUIRE(evaluation.outcome == pipeline::verdict::planned);
  coordinator::pipeline_record record;
  record.project_id = project;
  record.source = "push";
  record.ref = "main";
  record.sha = source.commit.sha;
  in->board.add(record, std::move(evaluation.plan));
  in->board.start(record.id);
  settle(io);
  return record.id;
}

answer coordinator_world::request_job(std::string const& token, std::string const& more) {
  return call(
      "POST", "/jobs/request",
      fmt::format(
          R"({{"token":"{}","system_id":"s_1","info":{{"version":"19.4.0","features":{}}}{}}})",
          token, all_features, more));
}

boost::json::value coordinator_world::take_job(std::string const& token, bool accept) {
  auto const got = request_job(token);
  INFO(got.body);
  REQUIRE(got.status == 201);
  auto job = got.json();
  if (accept) REQUIRE(put_job(job, "running").status == 200);
  return job;
}

answer coordinator_world::put_job(boost::json::value const& job, std::string const& state,
                                  std::string const& more) {
  return call("PUT", fmt::format("/jobs/{}", job.at("id").as_int64()),
              fmt::format(R"({{"token":"{}","state":"{}"{}}})",
                          std::string(job.at("token").as_string()), state, more));
}

answer coordinator_world::patch_trace(boost::json::value const& job, std::string const& range,
                                      std::string const& bytes) {
  net::http_fields fields{{"JOB-TOKEN", std::string(job.at("token").as_string())},
                          {"Content-Type", "text/plain"}};
  if (!range.empty()) fields.set("Content-Range", range);
  return call("PATCH", fmt::format("/jobs/{}/trace", job.at("id").as_int64()), bytes,
              std::move(fields));
}

std::int64_t coordinator_world::job_named(std::int64_t pipeline, std::string const& name) {
  std::int64_t newest = 0;
  for (auto const& job : in->data.jobs.of_pipeline(pipeline)) {
    if (job.name == name) newest = job.id;
  }
  REQUIRE(newest != 0);
  return newest;
}

}  // namespace corunner::test
