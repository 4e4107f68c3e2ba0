#pragma once

#include "exec/process/process.hpp"
#include "runner/coordinator/api/dispatch.hpp"
#include "runner/coordinator/context.hpp"
#include "test/net/temporary_directory.hpp"
#include "test/runner/coordinator/fake_exchange.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/settle.hpp"

#include <boost/json/value.hpp>

#include <memory>
#include <string>

namespace corunner::test {

// What came back for a request.
struct answer {
  int status = 0;
  net::http_fields fields;
  std::string body;

  boost::json::value json() const;
  std::string field(std::string_view name) const { return std::string(fields.get(name)); }
};

// The ids of a list that came with 200.
std::vector<std::int64_t> ids_of(answer const& got);

// Processes that nobody can start: these tests do without git.
class no_launcher final : public exec::process_launcher {
 public:
  result<std::unique_ptr<exec::process>> launch(exec::process_options const&) override {
    return error_code(asio::error::operation_not_supported);
  }
  awaitable<std::size_t> end_strays(std::string) override { co_return 0; }
};

// A coordinator without sockets, in manual time, with a database in memory.
class coordinator_world {
 public:
  explicit coordinator_world(coordinator::server_options how = {});

  asio::io_context io{1};
  manual_time time{io.get_executor()};
  net::blocking_pool pool;
  no_launcher launcher;
  temporary_directory directory;
  std::unique_ptr<coordinator::context> in;
  std::unique_ptr<coordinator::dispatcher> answers;
  std::string admin = "glpat-administrator";

  // A JSON body, or none. `token`: as PRIVATE-TOKEN.
  answer call(std::string const& method, std::string const& target, std::string const& body = {},
              net::http_fields fields = {});
  // The same as the administrator.
  answer admin_call(std::string const& method, std::string const& target,
                    std::string const& body = {});
  // The same as the user of this access token.
  answer user_call(std::string const& token, std::string const& method, std::string const& target,
                   std::string const& body = {});
  // Begins a call that may be held; settle(io) moves it.
  std::shared_ptr<fake_exchange> begin(std::string const& method, std::string const& target,
                                       std::string const& body = {}, net::http_fields fields = {});

  // A runner that is known by this token; its id.
  std::int64_t add_runner(std::string const& token, std::vector<std::string> tags = {},
                          bool run_untagged = true);
  std::int64_t add_project(std::string const& path = "group/project");
  // A user with an access token of scope `api`, which is "glpat-NAME"; their id.
  std::int64_t add_user(std::string const& name, bool auditor = false);
  // The user gets a role in a group or, if there is none of that path, in a project.
  void add_member(std::string const& name, std::string const& path, coordinator::role level);
  // POST /user/runners as the administrator: the new runner's id.
  std::int64_t make_runner(std::string const& json_body);
  // A pipeline of `yaml` on branch main; its id.
  std::int64_t add_pipeline(std::string const& yaml, std::int64_t project = 1,
                            bool ref_protected = true);

  // POST /jobs/request with every feature; the answer.
  answer request_job(std::string const& token, std::string const& more = {});
  // The same, to the payload of the job that must come; accepted unless told otherwise.
  boost::json::value take_job(std::string const& token, bool accept = true);
  answer put_job(boost::json::value const& job, std::string const& state,
                 std::string const& more = {});
  answer patch_trace(boost::json::value const& job, std::string const& range,
                     std::string const& bytes);

  std::string status_of(std::int64_t job) { return in->data.jobs.find(job)->status; }
  std::string pipeline_status(std::int64_t id) { return in->data.jobs.find_pipeline(id)->status; }
  std::int64_t job_named(std::int64_t pipeline, std::string const& name);
};

}  // namespace corunner::test
