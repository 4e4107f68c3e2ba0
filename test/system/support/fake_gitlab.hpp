#pragma once

#include "runner/gitlab/job_payload.hpp"
#include "test/system/support/http_peer.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace corunner::test {

// A GitLab in the test that answers as the test says: polls by `on_poll`, everything else by
// `on_call`. Unless told otherwise polls are answered 204, PUT of a job 200, PATCH of a log 202,
// uploads 201.
class fake_gitlab {
 public:
  struct call {
    double at = 0;  // seconds since the server was made
    std::string method;
    std::string path;
    net::http_fields fields;
    std::string body;
    boost::json::object json;  // of the body, if it is one
    std::string text(std::string_view key) const;
  };
  struct reply {
    int status = 0;  // 0: as usual
    net::http_fields fields;
    std::string body;
    std::chrono::milliseconds after{0};
    std::function<bool()> once;  // kept back until this is true
    bool drop = false;
  };

  explicit fake_gitlab(event_loop& loop);

  std::string url() const { return peer_.url(); }
  std::function<reply(call const&)> on_poll;
  std::function<reply(call const&)> on_call;

  std::vector<call> const& polls() const { return polls_; }
  std::vector<call> const& calls() const { return calls_; }  // but polls
  std::vector<call> calls_of(std::string_view method, std::string_view path) const;
  // What was sent of a job's log, each byte where Content-Range put it.
  std::string log_of(std::int64_t job) const;

  // A job without sources, to be completed; a poll's answer with it.
  static gitlab::job_payload job(std::int64_t id, std::vector<std::string> script);
  static reply hand_out(gitlab::job_payload const& what);

 private:
  awaitable<void> handle(net::http_exchange& exchange);

  event_loop& loop_;
  net::time_source::time_point began_;
  std::vector<call> polls_;
  std::vector<call> calls_;
  http_peer peer_;
};

}  // namespace corunner::test
