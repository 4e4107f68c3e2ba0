#pragma once

#include "test/system/support/metrics_page.hpp"
#include "test/system/support/scripted_gitlab.hpp"
#include "test/system/support/world.hpp"

#include <optional>
#include <string>

namespace corunner::test {

// `corunner run` of three slots with a scripted GitLab, and its debug server.
struct observed_run {
  static constexpr auto settings = "listen_address = \"127.0.0.1:0\"\nlog_format = \"json\"\n";
  static constexpr auto token = "glrt-t1_r1xxxxxxxsecret-rest";

  explicit observed_run(std::string const& more_of_entry = "");

  http_answer get(std::string const& path, std::string const& method = "GET") {
    return w.fetch(method, address + path);
  }
  metrics_page page();
  // Until the job's end was told.
  void wait_for_end(std::int64_t job, std::string const& state);
  // Until the slot of every job is free again.
  void wait_until_idle();

  world w;
  scripted_gitlab gitlab{w.loop};
  std::optional<child> service;
  std::string address;  // "http://127.0.0.1:1234"
};

}  // namespace corunner::test
