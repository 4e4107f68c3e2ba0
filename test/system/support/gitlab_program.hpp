#pragma once

#include "test/system/support/world.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::test {

// What the API says of a job.
struct job_facts {
  std::int64_t id = 0;
  std::string name;
  std::string status;
  std::string failure_reason;
  int exit_code = 0;
  std::uint64_t trace_size = 0;
  bool trace_intact = false;  // the runner's checksum and length are those of what came
  bool has_archive = false;
  bool retried = false;
};

// `corunner coordinator`, and its API as a person uses it. Pipeline 1 of project 1 is that of
// --repo.
class gitlab_program {
 public:
  gitlab_program(world& in, std::vector<std::string> arguments);

  child process;
  std::string url() const { return url_; }          // as advertised
  std::string address() const { return address_; }  // where it really listens, as a URL
  std::string runner_token() const { return runner_token_; }
  std::string const& administrator_token() const { return administrator_token_; }

  // GET or POST /api/v4/...; the answer must be a success.
  boost::json::value get(std::string const& path) { return ask("GET", path); }
  boost::json::value ask(std::string const& method, std::string const& path,
                         std::string json_body = {});
  // Several runs may use one state directory: the token is printed by the first.
  void use_administrator_token(std::string token) { administrator_token_ = std::move(token); }

  std::vector<job_facts> jobs(int pipeline = 1);
  job_facts job(std::string_view name);
  std::string trace(std::int64_t job);

  // TERM, and its exit code.
  int stop();

 private:
  std::string text_between(std::string_view before, std::string_view after) const;

  world& world_;
  std::string url_;
  std::string address_;
  std::string runner_token_;
  std::string administrator_token_;
  bool has_pipeline_ = false;  // as far as anybody asked
};

}  // namespace corunner::test
