#include "test/system/support/observed_run.hpp"

#include "test/support/exposition.hpp"

#include <catch2/catch_test_macros.hpp>

namespace corunner::test {

observed_run::observed_run(std::string const& more_of_entry) {
  auto const file = w.configure({.url = gitlab.url(), .token = token, .concurrent = 3,
                                 .global = settings, .entry = more_of_entry});
  service.emplace(w.loop, w.program({"run", "--config", file.string()}));
  service->wait_for_error("Metrics server listening");
  constexpr std::string_view key = "\"address\":\"";
  auto const begin = service->err().find(key) + key.size();
  address = "http://" + service->err().substr(begin, service->err().find('"', begin) - begin);
}

metrics_page observed_run::page() {
  auto const answer = get("/metrics");
  CHECK(answer.status == 200);
  CHECK(exposition_fault(answer.body) == "");
  return metrics_page(answer.body);
}

void observed_run::wait_for_end(std::int64_t job, std::string const& state) {
  INFO(service->err());
  REQUIRE(w.loop.run_until([&] { return gitlab.ended_as(job, state); }));
}

void observed_run::wait_until_idle() {
  REQUIRE(w.loop.run_until([&] { return get("/debug/jobs/list").body.empty(); }));
}

}  // namespace corunner::test
