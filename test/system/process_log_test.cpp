// What the program itself logs, and what must not be in it.

#include "test/system/support/files.hpp"
#include "test/system/support/world.hpp"

namespace corunner::test {

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
