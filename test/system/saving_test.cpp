// A job that ends while it saves a cache, or sends or fetches artifacts, leaves no process and no
// file that is not whole.

#include "test/system/support/fake_gitlab.hpp"
#include "test/system/support/files.hpp"
#include "test/system/support/proc.hpp"
#include "test/system/support/world.hpp"

#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

namespace corunner::test {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t job_id = 4812;
constexpr auto password = "correct-horse-battery-staple";

enum class work { packs_a_cache, packs_artifacts, waits_for_the_answer, fetches_artifacts };
enum class by { abort, refusal, time, death_of_the_service };

struct ending {
  std::string name;
  work what;
  by whom;
  std::string reason;  // failure_reason
};

// Beside those of stage_leftovers_test.cpp.
std::vector<ending> const& endings() {
  static std::vector<ending> const all{
      {"abort, packing a cache", work::packs_a_cache, by::abort, "job_canceled"},
      {"time, packing a cache", work::packs_a_cache, by::time, "job_execution_timeout"},
      {"death, packing a cache", work::packs_a_cache, by::death_of_the_service,
       "runner_system_failure"},
      {"abort, packing artifacts", work::packs_artifacts, by::abort, "job_canceled"},
      {"refusal, uploading", work::waits_for_the_answer, by::refusal, "script_failure"},
      {"death, uploading", work::waits_for_the_answer, by::death_of_the_service,
       "runner_system_failure"},
      {"abort, downloading", work::fetches_artifacts, by::abort, "job_canceled"},
      {"death, downloading", work::fetches_artifacts, by::death_of_the_service,
       "runner_system_failure"},
  };
  return all;
}

// A job of which one stage takes longer than any test.
struct saving_job : world {
  explicit saving_job(ending const& which) : how(which) {
    bool const packs = how.what == work::packs_a_cache || how.what == work::packs_artifacts;
    auto const make = packs ? "truncate -s 64G made" : "echo made > made";
    auto job = fake_gitlab::job(job_id, {make, "echo begun"});
    job.variables.push_back({.key = "CACHE_COMPRESSION_LEVEL", .value = "slowest"});
    job.variables.push_back({.key = "ARTIFACT_COMPRESSION_LEVEL", .value = "slowest"});
    job.variables.push_back({.key = "PASSWORD", .value = password, .masked = true});
    job.variables.push_back(
        {.key = "SECRET_FILE", .value = password, .file = true, .masked = true});
    if (how.what == work::packs_a_cache) job.cache = {{.key = "key", .paths = {"made"}}};
    if (how.what == work::packs_artifacts || how.what == work::waits_for_the_answer) {
      job.artifacts = {{.name = "artifacts", .paths = {"made"}}};
    }
    if (how.what == work::fetches_artifacts) {
      job.dependencies = {{.id = 7, .token = secret("glcbt-64_other"), .name = "before",
                           .artifacts_file = gitlab::artifacts_file{"artifacts.zip", 100}}};
    }
    if (how.whom == by::time) job.runner_info.timeout = 8;
    server.on_poll = [this, job](auto const&) {
      return std::exchange(handed, true) ? fake_gitlab::reply{} : fake_gitlab::hand_out(job);
    };
    server.on_call = [this](fake_gitlab::call const& one) { return answer(one); };
    config = configure({.url = server.url(), .token = "glrt-saving"});
  }

  fake_gitlab::reply answer(fake_gitlab::call const& one) {
    bool const artifacts = one.path.ends_with("/artifacts");
    if (artifacts && how.whom == by::refusal) return {.status = 403};
    if (artifacts) return {.status = 404, .once = [this] { return end().has_value(); }};
    if (one.method != "PATCH" || how.whom != by::abort || aborted) return {};
    auto const log = server.log_of(job_id);
    auto const* const stage = how.what == work::packs_a_cache       ? "Creating cache"
                              : how.what == work::fetches_artifacts ? "Downloading artifacts"
                                                                    : "Uploading artifacts";
    if (log.find(stage) == std::string::npos) return {};
    aborted = true;
    return {.status = 403, .once = [this] { return at_work(); }};
  }

  // The stage has come to its long part.
  bool at_work() const {
    if (how.what == work::waits_for_the_answer) return asked_for("POST");
    if (how.what == work::fetches_artifacts) return asked_for("GET");
    auto const file =
        how.what == work::packs_a_cache ? path("cache").string() : std::string("/made");
    for (auto const& pid : processes_with(path("builds").string())) {
      for (auto const& open : open_files(pid)) {
        if (open.find(file) != std::string::npos) return true;
      }
    }
    return false;
  }
  bool asked_for(std::string const& method) const {
    return std::ranges::any_of(server.calls(), [&](fake_gitlab::call const& one) {
      return one.method == method && one.path.ends_with("/artifacts");
    });
  }

  std::optional<fake_gitlab::call> end() const {
    auto const updates = server.calls_of("PUT", fmt::format("/jobs/{}", job_id));
    if (updates.empty() || updates.back().text("state") != "failed") return std::nullopt;
    return updates.back();
  }

  void bring_to_end(child& service) {
    bool const death = how.whom == by::death_of_the_service;
    if (death) {
      REQUIRE(loop.run_until([&] { return at_work(); }));
      service.signal(SIGKILL);
      service.wait();
      again.emplace(loop, program({"run", "--config", config.string()}));
    }
    REQUIRE(loop.run_until([&] { return end().has_value(); }));
    auto& last = again ? *again : service;
    last.signal(SIGQUIT);
    CHECK(last.wait() == 0);
  }

  // Files that the runner or its helpers made for themselves.
  std::vector<std::string> left_behind() const {
    std::vector<std::string> found;
    std::error_code ec;
    for (auto const* below : {"tmp", "cache", "builds"}) {
      for (auto const& each : fs::recursive_directory_iterator(path(below), ec)) {
        auto const name = each.path().filename();
        if (!each.is_directory() && name != "made") found.push_back(each.path().string());
      }
    }
    return found;
  }

  ending const& how;
  bool handed = false;
  bool aborted = false;
  fake_gitlab server{loop};
  fs::path config;
  std::optional<child> again;
};

}  // namespace

TEST_CASE("a job that ends while it saves or fetches files leaves none of its own",
          "[system][leftovers]") {
  auto const number = GENERATE(range(std::size_t{0}, endings().size()));
  auto const& how = endings()[number];
  CAPTURE(how.name);
  saving_job w(how);
  auto service = w.start_run(w.config);
  w.bring_to_end(service);
  INFO(w.server.log_of(job_id) << service.err());
  CHECK(w.end()->text("failure_reason") == how.reason);
  CHECK(processes_with(w.path("builds").string()).empty());
  CHECK(w.left_behind() == std::vector<std::string>());
  fs::remove_all(w.path("builds"));  // the job's own file is too large to look into
  for (auto const* below : {"tmp", "cache", "work", "home", "state-of-run"}) {
    if (fs::exists(w.path(below))) CHECK(files_with(w.path(below), password).empty());
  }
}

}  // namespace corunner::test
