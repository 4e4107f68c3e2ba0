// Jobs that print a lot.

#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/proc.hpp"

#include <csignal>
#include <iostream>

namespace corunner::test {

namespace {

constexpr std::size_t memory_bound_kilobytes = 40 * 1024;
constexpr std::size_t default_limit = 4 * 1024 * 1024;

// Generated jobs that print, handed out from memory, and the service that runs them.
struct printing_world : world {
  printing_world(int jobs, std::string const& script) {
    load.emplace(loop, program({"coordinator", "--load", std::to_string(jobs),
                                "--load-script=" + script, "--long-poll", "0"}));
    load->wait_for_output("any runner token is good\n");
    auto const& said = load->out();
    auto const begin = said.find("http://");
    auto const file = configure({.url = said.substr(begin, said.find('\n') - begin),
                                 .token = "glrt-any",
                                 .concurrent = jobs + 1,
                                 .entry = "  output_limit = 2000000\n"});
    service.emplace(loop, program({"run", "--config", file.string()}));
    idle = peak_memory_kilobytes(service->pid());
  }

  // To the end of all jobs; how many kilobytes the service grew.
  std::size_t grown() {
    while (!load->ended()) {
      peak = std::max(peak, peak_memory_kilobytes(service->pid()));
      loop.run_until([&] { return load->look_whether_it_ended(); }, std::chrono::milliseconds(200));
    }
    CHECK(load->wait() == 0);
    return peak - idle;
  }

  double figure(std::string const& name) const {
    auto const at = load->out().find(" " + name + " ");
    REQUIRE(at != std::string::npos);
    return std::stod(load->out().substr(at + name.size() + 2));
  }

  std::optional<child> load;
  std::optional<child> service;
  std::size_t idle = 0;
  std::size_t peak = 0;
};

// Runs the one job of that pipeline by a service; its largest size in kilobytes.
std::size_t run_by_service(world& w, gitlab_program& gitlab, std::string const& entry = "") {
  auto service = w.start_run(
      w.configure({.url = gitlab.url(), .token = gitlab.runner_token(), .entry = entry}));
  gitlab.process.wait_for_output("\npipeline ");
  auto const peak = peak_memory_kilobytes(service.pid());
  service.signal(SIGQUIT);
  CHECK(service.wait() == 0);
  return peak;
}

void check_memory(std::size_t peak, std::string const& what) {
  std::cout << "peak memory of the runner, " << what << ": " << peak << " kB\n";
  CHECK(peak > 0);
  if (!sanitized()) CHECK(peak < memory_bound_kilobytes);
}

}  // namespace

TEST_CASE("a log of 100 MB ends at the limit with a notice, and the runner stays small",
          "[system][memory]") {
  world w;
  auto const repo = w.make_repository("repo", R"yml(
job:
  script:
    - head -c 100000000 /dev/zero | tr '\0' x | fold -w 99
    - echo "never seen"
    - touch "$DONE"
)yml");
  gitlab_program gitlab(w, {"--repo", repo.string(), "--variable",
                            "DONE=" + w.path("done").string()});
  auto const peak = run_by_service(w, gitlab);
  check_memory(peak, "100 MB printed, 4 MB kept");
  CHECK(std::filesystem::exists(w.path("done")));
  auto const job = gitlab.job("job");
  CHECK(job.status == "success");
  CHECK(job.trace_intact);
  auto const trace = gitlab.trace(job.id);
  CHECK(trace.size() == job.trace_size);
  CHECK(trace.size() < default_limit + 1024);
  CHECK(trace.find("Job's log exceeded limit of 4194304 bytes.\n") != std::string::npos);
  CHECK(trace.find("Job execution will continue but no more output will be collected.") !=
        std::string::npos);
  CHECK(trace.find("never seen") == std::string::npos);
}

TEST_CASE("a log of 90 MB arrives whole when the limit allows it, and the runner stays small",
          "[system][memory]") {
  std::size_t const megabytes = sanitized() ? 20 : 90;
  world w;
  // One line per 10 kB, so that line headers do not count.
  auto const repo = w.make_repository("repo", R"yml(
job:
  script:
    - head -c "$BYTES" /dev/zero | tr '\0' x | fold -w 10000
)yml");
  gitlab_program gitlab(w, {"--repo", repo.string(), "--variable",
                            fmt::format("BYTES={}", megabytes * 1000000)});
  auto const peak = run_by_service(w, gitlab, "  output_limit = 200000\n");
  check_memory(peak, fmt::format("{} MB delivered", megabytes));
  auto const job = gitlab.job("job");
  CHECK(job.status == "success");
  CHECK(job.trace_intact);
  CHECK(count_of("x", gitlab.trace(job.id)) >= megabytes * 1000000);
}

TEST_CASE("memory does not grow with what a job prints", "[system][memory]") {
  // What is read, masked, compressed and under way at once; the log is twelve times as much.
  std::size_t const megabytes = sanitized() ? 20 : 300;
  constexpr std::size_t bound_kilobytes = 24 * 1024;
  printing_world w(1,
                   fmt::format("head -c {}000000 /dev/zero | tr '\\0' x | fold -w 99", megabytes));
  auto const grown = w.grown();
  std::cout << "one job, " << megabytes << " MB: " << grown << " kB more\n";
  CHECK(w.figure("trace_bytes") >= static_cast<double>(megabytes) * 1e6);
  CHECK(w.figure("bad_traces") == 0);
  if (!sanitized()) CHECK(grown < bound_kilobytes);
}

TEST_CASE("many jobs that print at once are heard of regularly, and so are polls",
          "[system][memory]") {
  int const jobs = sanitized() ? 5 : 20;
  constexpr std::size_t bound_kilobytes_per_job = 3 * 1024;
  printing_world w(
      jobs,
      "for i in $(seq 10); do head -c 1000000 /dev/zero | tr '\\0' x | fold -w 99; sleep 0.5; done");
  auto const grown = w.grown();
  std::cout << jobs << " jobs of 2 MB/s: " << grown << " kB more, silent for at most "
            << w.figure("longest_silence") << " s, between polls " << w.figure("longest_poll_gap")
            << " s\n";
  CHECK(w.figure("bad_traces") == 0);
  if (sanitized()) return;  // which makes it many times slower
  CHECK(w.figure("longest_silence") < 30);
  // The interval is a second; the machine may be busy with other tests.
  CHECK(w.figure("longest_poll_gap") < 5);
  CHECK(grown < static_cast<std::size_t>(jobs) * bound_kilobytes_per_job);
}

}  // namespace corunner::test
