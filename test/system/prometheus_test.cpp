// A real Prometheus reads what `run` tells.

#include "test/support/find_program.hpp"
#include "test/system/support/files.hpp"
#include "test/system/support/observed_run.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>


namespace corunner::test {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

// A server of its own on a free port, which scrapes that address every second.
struct prometheus {
  prometheus(observed_run& at, fs::path const& program) : w(at.w) {
    auto const file = w.path("prometheus.yml");
    write_file(file, fmt::format("global: {{scrape_interval: 1s}}\n"
                                 "scrape_configs:\n"
                                 "  - job_name: runner\n"
                                 "    static_configs: [{{targets: ['{}']}}]\n",
                                 at.address.substr(std::string("http://").size())));
    server.emplace(w.loop, child_options{.program = program,
                                         .arguments = {"--config.file=" + file.string(),
                                                       "--storage.tsdb.path=" +
                                                           w.path("prometheus").string(),
                                                       "--web.listen-address=127.0.0.1:0"},
                                         .directory = w.temporary(),
                                         .environment = {}});
    constexpr std::string_view key = "msg=\"Listening on\" address=";
    server->wait_for_error("Server is ready");
    server->wait_for_error("TLS is disabled");  // comes after the address, at any time
    auto const begin = server->err().find(key) + key.size();
    address = "http://" + server->err().substr(begin, server->err().find('\n', begin) - begin);
  }

  // The value of the only series that a query finds; nothing: it finds none.
  std::optional<std::string> ask(std::string const& query) {
    auto const answer = w.fetch("POST", address + "/api/v1/query",
                                {{"Content-Type", "application/x-www-form-urlencoded"}},
                                "query=" + escaped(query));
    INFO(query << ": " << answer.body);
    REQUIRE(answer.status == 200);
    auto const found = json::parse(answer.body).at("data").at("result").as_array();
    REQUIRE(found.size() <= 1);
    if (found.empty()) return std::nullopt;
    return std::string(found[0].at("value").as_array()[1].as_string());
  }
  void wait_for(std::string const& query, std::string const& value) {
    INFO(query << " should become " << value);
    REQUIRE(w.loop.run_until([&] { return ask(query) == value; }));
  }

  static std::string escaped(std::string const& text) {
    std::string out;
    for (unsigned char const c : text) out += fmt::format("%{:02X}", c);
    return out;
  }

  world& w;
  std::optional<child> server;
  std::string address;
};

}  // namespace

TEST_CASE("promtool finds nothing to criticise in the metrics", "[system][metrics][prometheus]") {
  auto const promtool = find_program("promtool");
  if (promtool.empty()) FAIL("there is no promtool, see tools/setup");
  observed_run at("[runners.feature_flags]\nFF_EXPORT_HIGH_CARDINALITY_METRICS = true\n");
  auto const job = at.gitlab.give({"exit 1"});
  at.wait_for_end(job, "failed");
  at.wait_until_idle();
  write_file(at.w.path("page"), at.page().text());
  auto const checked = at.w.try_run(
      "/bin/sh", {"-c", "exec \"$1\" check metrics < \"$2\"", "sh", promtool.string(),
                  at.w.path("page").string()});
  INFO(checked.out << checked.err);
  CHECK(checked.code == 0);
  CHECK(checked.err.empty());
}

TEST_CASE("Prometheus follows a job from its start to its end", "[system][metrics][prometheus]") {
  auto const program = find_program("prometheus");
  if (program.empty()) FAIL("there is no prometheus, see tools/setup");
  observed_run at;
  prometheus database(at, program);
  database.wait_for("up", "1");
  database.wait_for("sum(gitlab_runner_jobs)", "0");
  auto const go = at.w.path("go").string();
  auto const job = at.gitlab.give({"while [ ! -e '" + go + "' ]; do sleep 0.1; done", "exit 3"});
  database.wait_for("sum(gitlab_runner_jobs{state='running',stage='step_script'})", "1");
  CHECK(database.ask("gitlab_runner_jobs_total{runner='r1xxxxxxx'}") == "1");
  write_file(go, "");
  at.wait_for_end(job, "failed");
  database.wait_for("gitlab_runner_failed_jobs_total{failure_reason='script_failure'}", "1");
  // What dashboards do with it.
  CHECK(database.ask("scalar(gitlab_runner_concurrent) - sum(gitlab_runner_jobs)") == "3");
  CHECK(database.ask("histogram_quantile(0.5, sum by (le)"
                     "(gitlab_runner_job_duration_seconds_bucket))") == "15");
  CHECK(database.ask("count(gitlab_runner_version_info * on(instance) group_left "
                     "process_start_time_seconds)") == "1");
}

}  // namespace corunner::test
