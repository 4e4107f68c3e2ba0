// Every feature that the program claims when it asks for a job is shown by a job that needs it, and
// what is not shown here is not claimed.

#include "test/system/support/fake_gitlab.hpp"
#include "test/system/support/files.hpp"
#include "test/system/support/world.hpp"

#include <fmt/format.h>

#include <csignal>
#include <map>
#include <set>

namespace corunner::test {

namespace {

constexpr std::int64_t full = 1;      // uses most of them
constexpr std::int64_t failing = 2;   // exits with 7
constexpr std::int64_t canceling = 3;  // is cancelled while it runs
constexpr std::int64_t gone = 4;      // is taken away while it runs

gitlab::job_step after_script(std::string line) {
  return {.name = "after_script", .script = {std::move(line)}, .timeout = 60, .when = "always"};
}

gitlab::job_payload full_job(std::filesystem::path const& repository, std::string sha) {
  auto what = fake_gitlab::job(
      full, {"echo \"variable is $GREETING\"", "echo \"raw is $RAW\"",
             "echo \"masked is $PASSWORD\"", "echo \"shared is $CI_SHARED_ENVIRONMENT\"",
             "echo \"input is ${{ job.inputs.colour }}\"",
             "git for-each-ref --format 'ref %(refname)'", "echo kept > kept.txt",
             "echo left > left.txt", "echo as it is > raw.txt"});
  what.variables.erase(what.variables.begin());  // GIT_STRATEGY
  what.variables.push_back({.key = "GREETING", .value = "hello"});
  what.variables.push_back({.key = "RAW", .value = "$GREETING", .raw = true});
  what.variables.push_back({.key = "PASSWORD", .value = "correct-horse", .masked = true});
  what.inputs = {{.key = "colour", .type = "string", .content = "green"}};
  what.git_info.repo_url = "file://" + repository.string();
  what.git_info.sha = std::move(sha);
  what.git_info.refspecs = {"+refs/heads/side:refs/remotes/origin/renamed"};
  what.steps.push_back({.name = "release", .script = {"echo released"}, .timeout = 60,
                        .when = "on_success"});
  what.artifacts = {{.name = "files", .paths = {"*.txt"}, .exclude = {"left.txt"},
                     .when = "on_success", .artifact_type = "archive", .artifact_format = "zip"},
                    {.name = "raw", .paths = {"raw.txt"}, .when = "always",
                     .artifact_type = "junit", .artifact_format = "raw"}};
  what.cache = {{.key = "saved", .policy = "push", .paths = {"kept.txt"}}};
  return what;
}

struct features_world : world {
  features_world() {
    auto const repository = make_repository("repo", "job: {script: ['true']}\n");
    run("git", {"branch", "side"}, repository);
    auto sha = run("git", {"rev-parse", "HEAD"}, repository);
    while (sha.ends_with('\n')) sha.pop_back();
    jobs = {full_job(repository, sha), fake_gitlab::job(failing, {"exit 7"}),
            fake_gitlab::job(canceling, {"echo begun", "sleep " + nap()}),
            fake_gitlab::job(gone, {"echo begun", "sleep " + nap()})};
    jobs[1].git_info.repo_url = jobs[0].git_info.repo_url;
    jobs[1].cache = {
        {.key = "absent", .policy = "pull", .paths = {"kept.txt"}, .fallback_keys = {"saved"}}};
    jobs[2].steps.push_back(after_script("echo after the cancel"));
    jobs[3].steps.push_back(after_script("echo never"));
    server.on_poll = [this](auto const&) {
      return handed < jobs.size() ? fake_gitlab::hand_out(jobs[handed++]) : fake_gitlab::reply{};
    };
    server.on_call = [this](fake_gitlab::call const& one) { return answer(one); };
  }

  fake_gitlab::reply answer(fake_gitlab::call const& one) {
    if (one.path.ends_with("/artifacts")) {
      return {.status = 201, .fields = {{"Content-Type", "application/json"}}, .body = "{}"};
    }
    if (one.method != "PATCH") return {};
    bool const begun = one.body.find("begun") != std::string::npos;
    if (one.path.ends_with("/3/trace") && begun) {
      return {.status = 202, .fields = {{"Job-Status", "canceling"}}};
    }
    if (one.path.ends_with("/4/trace") && begun) return {.status = 403};
    // The log of the first job is lost once: all of it is wanted again.
    if (one.path.ends_with("/1/trace") && !std::exchange(lost, true)) {
      return {.status = 416, .fields = {{"Range", "0-0"}}};
    }
    return {};
  }

  fake_gitlab::call end_of(std::int64_t job) const {
    auto const all = server.calls_of("PUT", fmt::format("/jobs/{}", job));
    return all.empty() ? fake_gitlab::call{} : all.back();
  }
  bool ended(std::int64_t job) const {
    return !end_of(job).text("state").empty() && end_of(job).text("state") != "running";
  }
  bool logged(std::int64_t job, std::string_view line) const {
    return server.log_of(job).find("\n" + std::string(line) + "\n") != std::string::npos;
  }
  // The log has all of that, in this order.
  bool tells(std::int64_t job, std::vector<std::string_view> const& parts) const {
    auto const log = server.log_of(job);
    std::size_t at = 0;
    for (auto const part : parts) {
      at = log.find(part, at);
      if (at == std::string::npos) return false;
    }
    return true;
  }
  // Of an uploaded file, all that was sent with it.
  std::string upload(std::string_view content) const {
    for (auto const& one : server.calls_of("POST", "/jobs/1/artifacts")) {
      if (one.body.find(content) != std::string::npos) return one.body;
    }
    return {};
  }

  std::vector<gitlab::job_payload> jobs;
  std::size_t handed = 0;
  bool lost = false;
  fake_gitlab server{loop};
};

using check = std::function<bool(features_world const&)>;

std::map<std::string, check> checks() {
  auto const in_log = [](std::string line) -> check {
    return [line](features_world const& w) { return w.logged(full, line); };
  };
  return {
      {"variables", in_log("variable is hello")},
      {"raw_variables", in_log("raw is $GREETING")},
      {"masking", in_log("masked is [MASKED]")},
      {"shared", in_log("shared is true")},
      {"job_inputs", in_log("input is green")},
      {"multi_build_steps", in_log("released")},
      {"refspecs",
       [](auto const& w) {
         return w.logged(full, "ref refs/remotes/origin/renamed") &&
                w.server.log_of(full).find("ref refs/remotes/origin/main") == std::string::npos;
       }},
      {"artifacts", [](auto const& w) { return !w.upload("kept.txt").empty(); }},
      {"artifacts_exclude",
       [](auto const& w) { return w.upload("kept.txt").find("left.txt") == std::string::npos; }},
      {"upload_multiple_artifacts",
       [](auto const& w) { return w.server.calls_of("POST", "/jobs/1/artifacts").size() == 2; }},
      {"upload_raw_artifacts", [](auto const& w) { return !w.upload("as it is").empty(); }},
      {"cache",
       [](auto const& w) { return w.tells(full, {"Creating cache saved...", "Created cache"}); }},
      {"fallback_cache_keys",
       [](auto const& w) {
         return w.tells(failing, {"Checking cache for absent...", "Failed to extract cache",
                                  "Checking cache for saved...", "Successfully extracted cache"});
       }},
      {"trace_reset",
       [](auto const& w) {
         auto const sent = w.server.calls_of("PATCH", "/jobs/1/trace");
         return sent.size() >= 2 && sent[1].fields.get("Content-Range").starts_with("0-");
       }},
      {"trace_checksum",
       [](features_world const& w) {
         auto const end = w.end_of(full);
         return end.json.at("output").at("checksum").as_string().starts_with("crc32:");
       }},
      {"trace_size",
       [](features_world const& w) {
         auto const end = w.end_of(full);
         return end.json.at("output").at("bytesize").to_number<std::size_t>() ==
                w.server.log_of(full).size();
       }},
      {"return_exit_code",
       [](auto const& w) { return w.end_of(failing).json.at("exit_code").as_int64() == 7; }},
      {"cancel_gracefully", [](auto const& w) { return w.logged(canceling, "after the cancel"); }},
      {"cancelable",
       [](auto const& w) {
         return w.server.log_of(gone).find("echo never") == std::string::npos && w.handed == 4;
       }},
      {"two_phase_job_commit",
       [](auto const& w) {
         auto const first = w.server.calls().front();
         return first.method == "PUT" && first.text("state") == "running";
       }},
  };
}

}  // namespace

TEST_CASE("what the program claims to be able to do it can, and it claims all of it",
          "[system][features]") {
  features_world w;
  auto const config = w.configure({.url = w.server.url(), .token = "glrt-features"});
  auto service = w.start_run(config);
  REQUIRE(w.loop.run_until([&] {
    return w.ended(full) && w.ended(failing) && w.ended(canceling) && w.server.polls().size() > 4;
  }));
  service.signal(SIGTERM);
  CHECK(service.wait() == 0);

  auto const& info = w.server.polls().front().json.at("info").as_object();
  auto const proofs = checks();
  std::set<std::string> claimed;
  for (auto const& [name, value] : info.at("features").as_object()) {
    if (value.as_bool()) claimed.insert(name);
  }
  CHECK(info.at("features").as_object().size() == 31);
  CHECK(info.at("executor") == "shell");
  CHECK(info.at("shell") == "bash");
  INFO(service.err() << w.server.log_of(full));
  for (auto const& name : claimed) {
    CAPTURE(name);
    REQUIRE(proofs.contains(name));
    CHECK(proofs.at(name)(w));
  }
  for (auto const& [name, proof] : proofs) {
    CAPTURE(name);
    CHECK(claimed.contains(name));
  }
}

}  // namespace corunner::test
