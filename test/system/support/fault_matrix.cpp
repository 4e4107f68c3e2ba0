#include "test/system/support/fault_matrix.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace corunner::test {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

// One call of a job's life, as the coordinator's faults and a gateway tell it from others.
struct call_kind {
  char const* name;
  char const* endpoint;
  char const* state;
  int skip;  // calls of the kind that come before
  char const* method;
  char const* part_of_target;
  char const* script;
};

constexpr auto print_twice =
    R"(["seq -f 'counted %g' 10", "sleep 1", "seq -f 'counted %g' 11 20"])";
constexpr auto print_slowly =
    R"(["for i in $(seq 20); do echo counted $i; sleep 0.4; done"])";
// Quiet for longer than a job may be without a word to GitLab.
constexpr auto print_rarely =
    R"(["seq -f 'counted %g' 10", "sleep 48", "seq -f 'counted %g' 11 20"])";
constexpr auto print_and_make = R"(["seq -f 'counted %g' 20 | tee made.txt"])";
constexpr auto use = R"(["seq -f 'counted %g' 20", "test \"$(wc -l < made.txt)\" = 20"])";

constexpr call_kind calls[] = {
    {"request", "request_job", "", 0, "POST", "/jobs/request", print_twice},
    {"accept", "update_job", "running", 0, "PUT", "/jobs/", print_twice},
    {"patch", "append_trace", "", 0, "PATCH", "/trace", print_slowly},
    {"last_patch", "append_trace", "", 1, "PATCH", "/trace", print_twice},
    {"touch", "update_job", "running", 1, "PUT", "/jobs/", print_rarely},
    {"final", "update_job", "success", 0, "PUT", "/jobs/", print_twice},
    {"upload", "upload_artifacts", "", 0, "POST", "/artifacts", print_and_make},
    {"download", "download_artifacts", "", 0, "GET", "/artifacts", use},
};

// The rest of a coordinator's fault, as JSON; empty: connections are refused.
struct fault_kind {
  char const* name;
  char const* how;
};

constexpr fault_kind faults[] = {
    {"refused", ""},
    {"reset_before", R"("drop":true,"times":2)"},
    {"reset_after", R"("drop":true,"perform":true,"times":2)"},
    {"stall_30s", R"("delay_ms":30000)"},
    {"429_retry_after", R"("status":429,"retry_after":5)"},
    {"500", R"("status":500,"times":7)"},
    {"502", R"("status":502,"times":7)"},
    {"503_minute", R"("status":503,"lasting_ms":60000)"},
    {"403", R"("status":403)"},
    {"404", R"("status":404)"},
    {"409", R"("status":409)"},
    {"416", R"("status":416)"},
    {"truncated", R"("cut":7)"},
    {"wrong_type", R"("content_type":"text/html")"},
    {"slow_body", R"("trickle_ms":10000)"},
};

constexpr auto away = 8s;
constexpr int lines = 20;  // that each script prints

call_kind const& kind_of(fault_row const& row) {
  return *std::ranges::find_if(calls, [&](call_kind const& each) { return each.name == row.call; });
}

bool is_refusal(fault_row const& row) { return row.fault == "refused"; }
// A poll belongs to no job: such a row has a runner entry of its own.
bool has_entry(fault_row const& row) { return is_refusal(row) || row.call == "request"; }

std::string pipeline() {
  std::string text = "variables: {GIT_STRATEGY: none}\n";
  for (auto const& row : fault_rows()) {
    auto const tags = has_entry(row) ? fmt::format(", tags: [{}]", row.job()) : std::string();
    std::string more = tags;
    if (row.call == "upload") more += ", artifacts: {paths: [made.txt]}";
    if (row.call == "download") {
      text += fmt::format("{}: {{script: {}, artifacts: {{paths: [made.txt]}}}}\n", row.victim(),
                          print_and_make);
      more += fmt::format(", needs: [{}]", row.victim());
    }
    text += fmt::format("{}: {{script: {}{}}}\n", row.job(), kind_of(row).script, more);
  }
  return text;
}

bool is_over(std::string const& status) {
  return status == "success" || status == "failed" || status == "canceled";
}

// Jobs whose end GitLab refuses with a definite answer (protocol.md 4.3): it has its log, and no
// more is owed to it.
bool is_refused_end(std::string const& job) { return job == "final-403" || job == "final-404"; }

char const* left_running(job_facts const& job) {
  if (is_over(job.status)) return "no";
  return is_refused_end(job.name) ? "as it said" : "YES";
}

}  // namespace

std::vector<fault_row> fault_rows() {
  std::vector<fault_row> rows;
  for (auto const& call : calls) {
    for (auto const& fault : faults) rows.push_back({call.name, fault.name});
  }
  return rows;
}

fault_matrix::fault_matrix(world& in) : world_(in) {
  auto const repo = world_.make_repository("repo", pipeline());
  gitlab_.emplace(world_, std::vector<std::string>{"--repo", repo.string(), "--faults",
                                                   "--accept-within", "90"});
  auto const begun = [&] {
    auto const answer = world_.fetch("GET", gitlab_->address() + "/api/v4/projects/1/pipelines/1",
                                     {{"PRIVATE-TOKEN", gitlab_->administrator_token()}});
    return answer.status == 200;
  };
  REQUIRE(world_.loop.run_until(begun));
  for (auto& job : gitlab_->jobs()) jobs_[job.name] = std::move(job);
  std::string entries =
      "  request_concurrency = 8\n  [runners.feature_flags]\n"
      "    FF_USE_ADAPTIVE_REQUEST_CONCURRENCY = false\n";
  for (auto const& row : fault_rows()) {
    std::string token;
    if (has_entry(row)) {
      json::object const asked{{"runner_type", "instance_type"}, {"tag_list", {row.job()}},
                               {"run_untagged", false}};
      auto const made = gitlab_->ask("POST", "/user/runners", json::serialize(asked));
      token = std::string(made.at("token").as_string());
      auto url = gitlab_->url();
      if (is_refusal(row)) {
        auto& absent = *(absences_[row.job()] = std::make_unique<absence>(world_.loop));
        absent.between.lead_to(gitlab_->address());
        url = absent.between.url();
        absent.between.disturb = [&absent, &kind = kind_of(row)](gateway::passed const& one) {
          bool const is_it =
              one.method == kind.method &&
              one.target.find(kind.part_of_target) != std::string::npos &&
              one.request_body.find(kind.state) != std::string::npos &&
              (*kind.state == '\0' || one.target.find("/trace") == std::string::npos);
          if (is_it && absent.calls++ == kind.skip) absent.leaves = true;
          return gateway::disturbance{.drop = absent.leaves};
        };
      }
      entries += fmt::format(
          "[[runners]]\n  name = \"{}\"\n  url = \"{}\"\n  token = \"{}\"\n  executor = \"shell\"\n"
          "  shell = \"bash\"\n  builds_dir = \"{}\"\n  cache_dir = \"{}\"\n",
          row.job(), url, token, world_.path("builds").string(), world_.path("cache").string());
    }
    if (!is_refusal(row)) order(row, token);
  }
  began_ = world_.loop.time.now();
  auto const file = world_.configure({.url = gitlab_->url(), .token = gitlab_->runner_token(),
                                      .concurrent = 200, .entry = entries});
  runner_.emplace(world_.loop, world_.program({"run", "--config", file.string()}));
}

void fault_matrix::order(fault_row const& row, std::string const& runner_token) {
  auto const& kind = kind_of(row);
  auto const& fault = *std::ranges::find_if(
      faults, [&](fault_kind const& each) { return each.name == row.fault; });
  auto const post = [&](char const* endpoint, char const* state, int skip, std::string const& how) {
    auto const whose = row.call == "request"
                           ? fmt::format("\"fits_token\":\"{}\"", runner_token)
                           : fmt::format("\"fits_job\":{}", jobs_.at(row.victim()).id);
    gitlab_->ask("POST", "/_test/faults",
                 fmt::format(R"({{"endpoint":"{}","fits_state":"{}","skip":{},{},{}}})",
                             endpoint, state, skip, whose, how));
    return ordered_++;
  };
  int skip = kind.skip;
  if (row.call == "last_patch") {
    // After the first patch there is none until the job has ended, however slow the machine is.
    post(kind.endpoint, "", 0, R"("interval":600)");
    --skip;
  } else if (row.call == "touch") {
    post("append_trace", "", 0, R"("interval":3,"times":-1)");
  }
  places_[row.job()] = post(kind.endpoint, kind.state, skip, fault.how);
}

// Gateways go when their call has come, and come back after a while.
void fault_matrix::keep_absences() {
  auto const now = world_.loop.time.now();
  for (auto& [name, one] : absences_) {
    if (one->leaves && !one->back) {
      one->back = now + away;
      one->between.go_away();
    } else if (one->leaves && now >= *one->back) {
      one->leaves = false;
      one->between.come_back();
    }
  }
}

bool fault_matrix::all_ended() {
  keep_absences();
  auto const now = world_.loop.time.now();
  if (now - looked_ < 1s) return false;
  looked_ = now;
  bool all = true;
  for (auto& job : gitlab_->jobs()) {
    if (job.retried) continue;
    bool const over = is_over(job.status) || is_refused_end(job.name);
    if (over && !ended_after_.contains(job.name)) {
      ended_after_[job.name] = std::chrono::duration<double>(now - began_).count();
    }
    all = all && over;
    jobs_[job.name] = std::move(job);
  }
  return all;
}

void fault_matrix::run(std::chrono::seconds limit) {
  world_.loop.run_until([this] { return all_ended(); }, limit);
  faults_ = gitlab_->get("/_test/faults");
}

// Every line that was printed is there once; of a job that failed the first ones, up to its end.
std::string fault_matrix::log_of(job_facts const& job) {
  if (job.trace_size == 0) return "none";
  auto const trace = gitlab_->trace(job.id);
  constexpr std::string_view word = "counted ";
  int count = 0;
  bool in_order = true;
  for (auto at = trace.find(word); at != std::string::npos; at = trace.find(word, at + 1)) {
    int const number = std::atoi(trace.c_str() + at + word.size());
    if (number > 0) in_order = in_order && number == ++count;  // 0: the script's own text
  }
  bool const all = count == lines || job.status == "failed";
  // An end that was refused brought no checksum.
  bool const matches = job.trace_intact || is_refused_end(job.name);
  return in_order && all && matches ? "intact" : "BROKEN";
}

// How often the call met the fault: more than once when it was made again and again.
std::string fault_matrix::meetings(fault_row const& row) {
  if (is_refusal(row)) return absences_.at(row.job())->back ? "-" : "NEVER";
  auto const met = faults_.at(places_.at(row.job())).at("turns").as_int64();
  if (met == 0) return "NEVER";
  return met > 4 ? "many" : std::to_string(met);
}

std::string fault_matrix::line(fault_row const& row) {
  auto const& job = jobs_.at(row.job());
  return fmt::format("{:<11}{:<16}{:<9}{:<24}{:<9}{:<7}{}\n", row.call, row.fault, job.status,
                     job.failure_reason.empty() ? "-" : job.failure_reason, log_of(job),
                     meetings(row), left_running(job));
}

std::string fault_matrix::outcome() {
  auto text = fmt::format("{:<11}{:<16}{:<9}{:<24}{:<9}{:<7}{}\n", "call", "fault", "status",
                          "failure_reason", "log", "met", "left running");
  for (auto const& row : fault_rows()) text += line(row);
  return text;
}

std::string fault_matrix::times() const {
  std::string text;
  for (auto const& [name, seconds] : ended_after_) {
    text += fmt::format("{} {:.0f}\n", name, seconds);
  }
  return text;
}

}  // namespace corunner::test
