// `run` follows its configuration file.

#include "runner/gitlab/short_token.hpp"
#include "test/support/exposition.hpp"
#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/proc.hpp"

#include <catch2/generators/catch_generators.hpp>
#include <fmt/format.h>

#include <csignal>
#include <functional>

namespace corunner::test {

namespace {

namespace fs = std::filesystem;

constexpr auto loaded = "\"msg\":\"Configuration loaded\"";

bool has(std::string const& text, std::string const& part) {
  return text.find(part) != std::string::npos;
}

// Jobs that wait for a file of their own name.
std::string waiting_jobs(int count) {
  std::string text;
  for (int i = 1; i <= count; ++i) {
    text += fmt::format(
        "job{0}:\n  script:\n    - echo \"job{0} runs\"\n"
        "    - while [ ! -e \"$HOME_OF_TEST/go{0}\" ]; do sleep 0.1; done\n",
        i);
  }
  return text;
}

struct reloading {
  explicit reloading(std::string const& pipeline)
      : gitlab(w, {"--repo", w.make_repository("repo", pipeline).string(), "--variable",
                   "HOME_OF_TEST=" + w.path("").string()}) {}

  std::string text(int concurrent, std::string const& global = "", std::string const& entry = "") {
    auto const file = w.configure({.url = gitlab.url(), .token = gitlab.runner_token(),
                                   .concurrent = concurrent,
                                   .global = "log_format = \"json\"\n" + global, .entry = entry},
                                  "drawn.toml");
    return read_file(file);
  }
  void go(int job) { write_file(w.path(fmt::format("go{}", job)), ""); }
  std::string status_of(std::string const& job) { return gitlab.job(job).status; }
  void wait_for_status(std::string const& job, std::string const& status) {
    INFO(job << " should become " << status);
    REQUIRE(w.loop.run_until([&] { return status_of(job) == status; }));
  }
  void wait_for_load(child& service, int times) {
    INFO(service.err());
    REQUIRE(w.loop.run_until(
        [&] { return count_of(loaded, service.err()) >= static_cast<std::size_t>(times); }));
  }

  world w;
  gitlab_program gitlab;
};

using edit = std::function<void(fs::path const& file, std::string const& text)>;

void in_place(fs::path const& file, std::string const& text) { write_file(file, text); }

void by_rename(fs::path const& file, std::string const& text) {
  auto const beside = file.string() + "~";
  write_file(beside, text);
  fs::rename(beside, file);
}

// As Kubernetes does: the file is a link through a directory that is a link.
void by_link(fs::path const& file, std::string const& text) {
  static int version = 0;
  auto const home = file.parent_path();
  auto const name = fmt::format("..version{}", ++version);
  write_file(home / name / "config.toml", text);
  fs::create_directory_symlink(name, home / "..new");
  fs::rename(home / "..new", home / "..data");
  if (!fs::exists(file)) fs::create_symlink("..data/config.toml", file);
}

}  // namespace

TEST_CASE("a change of the file is taken over, in whatever way it was made", "[system][reload]") {
  auto const how = GENERATE(0, 1, 2);
  edit const edits[] = {in_place, by_rename, by_link};
  CAPTURE(how);
  reloading at("job: {script: ['true']}\n");
  auto const file = at.w.path("etc") / "config.toml";
  edits[how](file, at.text(1));
  auto service = at.w.start_run(file);
  at.wait_for_load(service, 1);
  for (int i = 2; i <= 4; ++i) {
    edits[how](file, at.text(i));
    service.wait_for_error(fmt::format("\"max_builds\":{},\"msg\":\"Configuration loaded\"", i));
  }
  service.signal(SIGQUIT);
  CHECK(service.wait() == 0);
  CHECK(count_of(loaded, service.err()) == 4);
}

TEST_CASE("HUP loads the file at once and says so, also when it has not changed",
          "[system][reload]") {
  reloading at("job: {script: ['true']}\n");
  auto const file = at.w.path("config.toml");
  in_place(file, at.text(1));
  auto service = at.w.start_run(file);
  at.wait_for_load(service, 1);
  service.signal(SIGHUP);
  at.wait_for_load(service, 2);
  CHECK_FALSE(service.ended());
}

TEST_CASE("a broken file is said once, the runner works on, and takes the repaired one",
          "[system][reload]") {
  reloading at(waiting_jobs(1));
  auto const file = at.w.path("config.toml");
  in_place(file, at.text(1, "check_interval = 1\nbroken ="));
  {
    auto refused = at.w.start_run(file);
    CHECK(refused.wait() == 1);
  }
  // Without its runner first, so that the job is taken while the file is broken.
  at.go(1);
  in_place(file, "concurrent = 1\nlog_format = \"json\"\n");
  auto service = at.w.start_run(file);
  at.wait_for_load(service, 1);
  in_place(file, at.text(1, "broken ="));
  service.wait_for_error("Failed to load config decoding configuration file: ");
  service.signal(SIGHUP);
  REQUIRE(
      at.w.loop.run_until([&] { return count_of("Failed to load config", service.err()) == 2; }));
  by_rename(file, at.text(2));
  at.wait_for_load(service, 2);
  at.wait_for_status("job1", "success");
  CHECK(count_of("Failed to load config", service.err()) == 2);
}

TEST_CASE("concurrent = 0 ends no job and takes none, until it is more again", "[system][reload]") {
  reloading at(waiting_jobs(2));
  auto const file = at.w.path("config.toml");
  in_place(file, at.text(1));
  auto service = at.w.start_run(file);
  at.gitlab.process.wait_for_output("runs");
  in_place(file, at.text(0));
  at.wait_for_load(service, 2);
  bool const first = at.status_of("job1") == "running";
  std::string const running = first ? "job1" : "job2";
  std::string const waiting = first ? "job2" : "job1";
  at.go(first ? 1 : 2);
  at.wait_for_status(running, "success");
  at.w.loop.run_for(std::chrono::seconds(3));  // three check intervals
  CHECK(at.status_of(waiting) == "pending");
  in_place(file, at.text(1));
  at.wait_for_load(service, 3);
  at.go(first ? 2 : 1);
  at.wait_for_status(waiting, "success");
}

TEST_CASE("a runner that is removed from the file finishes its job with what it began with",
          "[system][reload]") {
  reloading at(R"yml(
job:
  script:
    - echo "job runs with $SETTING"
    - while [ ! -e "$HOME_OF_TEST/go1" ]; do sleep 0.1; done
    - echo "job ends with $SETTING"
)yml");
  auto const file = at.w.path("config.toml");
  in_place(file, at.text(1, "", "  environment = [\"SETTING=before\"]\n"));
  auto service = at.w.start_run(file);
  at.gitlab.process.wait_for_output("job runs");
  in_place(file, at.text(1, "", "  environment = [\"SETTING=after\"]\n"));
  service.wait_for_error("\"runners_changed\":1");
  in_place(file, "concurrent = 1\nlog_format = \"json\"\n");
  service.wait_for_error("\"runners_removed\":1");
  at.go(1);
  at.wait_for_status("job", "success");
  auto const trace = at.gitlab.trace(at.gitlab.job("job").id);
  CHECK(trace.find("job runs with before") != std::string::npos);
  CHECK(trace.find("job ends with before") != std::string::npos);
}

TEST_CASE("the metrics server follows listen_address, and tells of the configuration",
          "[system][reload]") {
  reloading at(waiting_jobs(1));
  auto const file = at.w.path("config.toml");
  auto const address_in = [&](child& service, std::size_t times) {
    constexpr std::string_view key = "\"address\":\"";
    REQUIRE(
        at.w.loop.run_until([&] { return count_of(std::string(key), service.err()) == times; }));
    auto const start = service.err().rfind(key) + key.size();
    REQUIRE(
        at.w.loop.run_until([&] { return service.err().find('"', start) != std::string::npos; }));
    return service.err().substr(start, service.err().find('"', start) - start);
  };
  auto const metrics = [&](std::string const& address) {
    return at.w.fetch("GET", "http://" + address + "/metrics");
  };
  in_place(file, at.text(1, "listen_address = \"127.0.0.1:0\"\n"));
  auto service = at.w.start_run(file);
  at.gitlab.process.wait_for_output("runs");
  auto const first = address_in(service, 1);
  auto const one = metrics(first);
  INFO(one.body);
  CHECK(one.status == 200);
  CHECK(exposition_fault(one.body) == "");
  auto const runner = fmt::format("runner=\"{}\",runner_name=\"system test\"",
                                  gitlab::short_token(at.gitlab.runner_token()));
  CHECK(has(one.body, "\ngitlab_runner_concurrent 1\n"));
  CHECK(has(one.body, "\ngitlab_runner_configuration_loaded_total 1\n"));
  CHECK(has(one.body, "\ngitlab_runner_jobs{executor_stage=\"prepare\"," + runner +
                          ",stage=\"step_script\",state=\"running\""));
  CHECK(has(one.body, "\ngitlab_runner_process_state_info{state=\"running\"} 1\n"));
  CHECK(has(one.body, "\ngitlab_runner_limit{" + runner));

  in_place(file, at.text(3, "broken ="));
  service.wait_for_error("Failed to load config");
  in_place(file, at.text(3, "listen_address = \"localhost:0\"\n"));
  auto const second = address_in(service, 2);
  CHECK(second != first);
  CHECK(metrics(first).status == 0);
  auto const two = metrics(second);
  CHECK(exposition_fault(two.body) == "");
  CHECK(has(two.body, "\ngitlab_runner_concurrent 3\n"));
  CHECK(has(two.body, "\ngitlab_runner_configuration_loaded_total 2\n"));
  CHECK(has(two.body, "\ngitlab_runner_configuration_loading_error_total 1\n"));

  // An address that somebody else has: the old one stays.
  auto const taken = at.gitlab.address().substr(std::string("http://").size());
  in_place(file, at.text(3, "listen_address = \"" + taken + "\"\n"));
  service.wait_for_error("Failed to create listener for metrics server");
  CHECK(metrics(second).status == 200);
  in_place(file, at.text(3));
  service.wait_for_error("listen_address not defined, metrics");
  CHECK(metrics(second).status == 0);
  at.go(1);
  at.wait_for_status("job1", "success");
  {
    auto refused = at.w.start({"run", "--config", file.string(), "--listen-address", taken});
    CHECK(refused.wait() == 1);
    CHECK(has(refused.err(), "Failed to create listener for metrics server"));
  }
}

TEST_CASE("status tells whether the service runs with what its file says", "[system][reload]") {
  reloading at("job: {script: ['true']}\n");
  auto const file = at.w.path("config.toml");
  struct answer {
    int code = 0;
    std::string out;
    std::string err;
  };
  auto const status = [&]() -> answer {
    auto asked = at.w.start({"status", "--config", file.string()});
    int const code = asked.wait();
    return {code, asked.out(), asked.err()};
  };
  in_place(file, at.text(3));
  auto const before = status();
  CHECK(before.code == 1);
  CHECK(before.out == "");
  CHECK(has(before.err, "\ngitlab-runner: the service is not installed\n"));

  auto service = at.w.start_run(file);
  at.wait_for_load(service, 1);
  REQUIRE(at.w.loop.run_until([&] { return status().code == 0; }));
  auto const running = status();
  CHECK(has(running.out, "gitlab-runner: Service is running\n"));
  CHECK(has(running.out, fmt::format("process {}, running, ", service.pid())));
  CHECK(has(running.out, " of 3 jobs\n"));

  in_place(file, at.text(4, "broken ="));
  service.wait_for_error("Failed to load config");
  auto const broken = status();
  CHECK(broken.code == 2);
  CHECK(has(broken.out, " of 3 jobs\n"));
  CHECK(has(broken.out, "decoding configuration file: "));

  in_place(file, at.text(4));
  at.wait_for_load(service, 2);
  auto const repaired = status();
  CHECK(repaired.code == 0);
  CHECK(has(repaired.out, " of 4 jobs\n"));

  service.signal(SIGTERM);
  CHECK(service.wait() == 0);
  CHECK(status().code == 1);
  CHECK(names_in(at.w.path("run") / "corunner").empty());
}

TEST_CASE("a hundred edits while fifty jobs run lose none and run none twice", "[system][reload]") {
  constexpr int jobs = 50;
  std::string pipeline;
  for (int i = 1; i <= jobs; ++i) {
    pipeline += fmt::format(
        "job{0}: {{script: ['echo ran-{0} >> \"$HOME_OF_TEST/ran\"', 'sleep 0.2']}}\n", i);
  }
  reloading at(pipeline);
  auto const file = at.w.path("etc") / "config.toml";
  in_place(file, at.text(4));
  auto service = at.w.start_run(file);
  at.wait_for_load(service, 1);
  edit const edits[] = {in_place, by_rename};
  for (int i = 0; i < 100; ++i) {
    int const concurrent[] = {1, 4, 0, 6, 3};
    std::string const limit = i % 3 == 0 ? "  limit = 2\n" : "";
    auto text = at.text(concurrent[i % 5], i % 4 == 0 ? "shutdown_timeout = 20" : "", limit);
    if (i % 10 == 3) text = "concurrent = 2\nlog_format = \"json\"\n";  // no runner
    if (i % 10 == 7) text += "broken =";
    edits[i % 2](file, text);
    at.w.loop.run_for(std::chrono::milliseconds(i % 7 == 0 ? 50 : 400));
  }
  in_place(file, at.text(4));
  REQUIRE(at.w.loop.run_until([&] {
    auto const pipeline_now = at.gitlab.get("/projects/1/pipelines/1");
    auto const status = pipeline_now.at("status").as_string();
    return status == "success" || status == "failed";
  }, std::chrono::minutes(20)));
  for (auto const& job : at.gitlab.jobs()) {
    CAPTURE(job.name);
    CHECK(job.status == "success");
    CHECK(job.trace_intact);
    CHECK_FALSE(job.retried);
  }
  auto const ran = read_file(at.w.path("ran"));
  for (int i = 1; i <= jobs; ++i) {
    CAPTURE(i);
    CHECK(count_of(fmt::format("ran-{}\n", i), ran) == 1);
  }
  CHECK(count_of(loaded, service.err()) > 30);
  service.signal(SIGQUIT);
  CHECK(service.wait() == 0);
}

}  // namespace corunner::test
