// What the program itself logs, and what must not be in it.

#include "test/system/support/fake_gitlab.hpp"
#include "test/system/support/files.hpp"
#include "test/system/support/scripted_gitlab.hpp"
#include "test/system/support/world.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <regex>
#include <sstream>

namespace corunner::test {

namespace {

std::vector<std::string> lines_of(std::string const& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

// Recorded lines (test/data/observed/manager/log_lines.txt) of one format.
std::vector<std::string> recorded(bool json) {
  char const* const data = std::getenv("CORUNNER_TEST_DATA");
  REQUIRE(data);
  auto lines = lines_of(read_file(std::filesystem::path(data) / "observed/manager/log_lines.txt"));
  std::erase_if(lines, [&](std::string const& line) {
    return line.starts_with('#') || line.starts_with('{') != json;
  });
  REQUIRE(lines.size() >= 5);
  return lines;
}

// A recorded line as an expression: its places stand for what differs each time.
std::regex pattern_of(std::string line) {
  line = std::regex_replace(line, std::regex(R"([\[\]().*+?|^$\\])"), "\\$&");
  line = std::regex_replace(line, std::regex(R"(\{any\})"), ".*");
  line = std::regex_replace(line, std::regex(R"(\{hex32\})"), "[0-9a-f]{32}");
  line = std::regex_replace(line, std::regex(R"(^\{)"), "\\{");
  return std::regex(std::regex_replace(line, std::regex(R"(\}$)"), "\\}"));
}

// What `run` logs while it is given two jobs, the first after a 503, and is told to quit.
std::string log_of_two_jobs(std::string const& format) {
  world w;
  scripted_gitlab gitlab(w.loop);
  gitlab.poll_statuses = {503};
  auto const good = gitlab.give({"true"});
  auto const bad = gitlab.give({"exit 4"});
  auto const config = w.path("config.toml");
  write_file(config, "concurrent = 3\ncheck_interval = 1\n[[runners]]\nname = 'r1'\nurl = '" +
                         gitlab.url() + "'\ntoken = 'r1xxxxxxxsecret'\nexecutor = 'shell'\n");
  auto service = w.start({"--log-format", format, "run", "--config", config.string()});
  for (auto const& [job, end] : {std::pair(good, "success"), {bad, "failed"}}) {
    REQUIRE(w.loop.run_until([&] { return gitlab.ended_as(job, end); }));
  }
  REQUIRE(w.loop.run_until([&] { return count_of("Removed job", service.err()) == 2; }));
  service.signal(SIGQUIT);
  CHECK(service.wait() == 0);
  CHECK(service.err().find("secret") == std::string::npos);
  CHECK(service.err().find("job-token") == std::string::npos);
  return service.err();
}

}  // namespace

TEST_CASE("the log has the lines that GitLab Runner's has, field by field", "[system][log]") {
  for (std::string const format : {"text", "json"}) {
    auto const log = log_of_two_jobs(format);
    auto const lines = lines_of(log);
    INFO(log);
    for (auto const& wanted : recorded(format == "json")) {
      CAPTURE(wanted);
      auto const pattern = pattern_of(wanted);
      CHECK(std::ranges::any_of(
          lines, [&](std::string const& line) { return std::regex_match(line, pattern); }));
    }
  }
}

TEST_CASE("a job's lines come in their order, one an event", "[system][log]") {
  auto const log = log_of_two_jobs("text");
  INFO(log);
  std::string order;
  for (auto const& line : lines_of(log)) {
    if (line.find(" job=101 ") == std::string::npos) continue;
    auto const begin = line.find("msg=\"") + std::string("msg=\"").size();
    auto const message = line.substr(begin, line.find('"', begin) - begin);
    // How often is a matter of time.
    if (message != "Appending trace to coordinator...ok") order += message + '\n';
  }
  CHECK(log.find("Appending trace to coordinator...ok") < log.find("Removed job"));
  CHECK(order == "Checking for jobs... received\n"
                 "Updating job...\n"
                 "Submitting job to coordinator...ok\n"
                 "Added job to processing list\n"
                 "Job succeeded\n"
                 "Updating job...\n"
                 "Submitting job to coordinator...ok\n"
                 "Removed job from processing list\n");
}

TEST_CASE("what the runner says in the log of a job it says in its own, too, with the job's fields",
          "[system][log]") {
  world w;
  fake_gitlab server(w.loop);
  auto job = fake_gitlab::job(102, {"echo said by the script"});
  job.variables.push_back({.key = "GIT_CHECKOUT", .value = "nein"});
  job.variables.push_back({.key = "FF_LOG_IMAGES_CONFIGURED_FOR_JOB", .value = "true"});
  job.image.name = "debian";
  server.on_poll = [&](auto const&) { return fake_gitlab::hand_out(job); };
  auto const config = w.configure({.url = server.url(), .token = "r1xxxxxxxsecret"});
  auto once = w.start({"--log-level", "debug", "--log-format", "text", "run", "--config",
                       config.string(), "--once"});
  CHECK(once.wait() == 0);
  auto const log = once.err();
  INFO(log);
  auto const has = [&log](std::string const& level, std::string const& rest) {
    auto const pattern = "level=" + level + " msg=" + rest + "\\b";
    return std::ranges::any_of(lines_of(log), [re = std::regex(pattern)](std::string const& line) {
      return std::regex_search(line, re) && line.find(" job=102 ") != std::string::npos;
    });
  };
  CHECK(has("warning", R"("GIT_CHECKOUT: expected bool got \\"nein)"));
  CHECK(has("debug", R"("Using Shell \(bash\) executor)"));
  CHECK(has("debug", R"("Executing build stage" build_stage=step_script)"));
  CHECK(has("info", R"("Image configured for job".* image_name=debian)"));
  CHECK(count_of("said by the script", log) == 0);
  CHECK(count_of("Job succeeded", log) == 1);
}

TEST_CASE("the process log hides runner tokens, and what the running job masks",
          "[system][secrets]") {
  world w;
  auto jobs = w.start({"coordinator", "--load", "1", "--load-script=true",
                       "--load-masked=tell-tale-name"});
  jobs.wait_for_output("any runner token is good\n");
  auto const begin = jobs.out().find("http://");
  auto const url = jobs.out().substr(begin, jobs.out().find('\n', begin) - begin);
  std::string const token = "glrt-t1_0123456789abcdefghij";
  // A name is in every line of a job.
  auto const config = w.path("config.toml");
  write_file(config, "concurrent = 1\n[[runners]]\nname = 'tell-tale-name of " + token +
                         "'\nurl = '" + url + "'\ntoken = '" + token + "'\nexecutor = 'shell'\n");
  auto once = w.start({"--log-level", "info", "--log-format", "text", "run", "--config",
                       config.string(), "--once"});
  CHECK(once.wait() == 0);
  INFO(once.err());
  REQUIRE(jobs.wait() == 0);
  CHECK(once.err().find(token) == std::string::npos);
  auto const end = once.err().find("Job succeeded");
  REQUIRE(end != std::string::npos);
  CHECK(once.err().find("runner_name=\"[MASKED] of [MASKED]\"", end) != std::string::npos);
  CHECK(once.err().find("runner=012345678", end) != std::string::npos);
}

}  // namespace corunner::test
