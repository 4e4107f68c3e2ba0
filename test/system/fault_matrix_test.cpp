// Each call of a job's life meets each fault that a network or a GitLab in trouble has.

#include "test/support/golden.hpp"
#include "test/system/support/fault_matrix.hpp"
#include "test/system/support/files.hpp"

#include <csignal>
#include <cstdlib>
#include <iostream>

namespace corunner::test {

TEST_CASE("whatever goes wrong in whichever call: no byte of a log is lost, no job is left running "
          "without need",
          "[system][faults]") {
  world w;
  fault_matrix matrix(w);
  matrix.run(std::chrono::seconds(400));
  auto const outcome = matrix.outcome();
  if (std::getenv("CORUNNER_FAULT_TIMES")) std::cout << matrix.times();
  // Said for itself, so that it is not taken over with a new table.
  CHECK(outcome.find("BROKEN") == std::string::npos);
  CHECK(outcome.find("YES") == std::string::npos);
  CHECK(outcome.find("NEVER") == std::string::npos);

  matrix.runner().signal(SIGQUIT);
  CHECK(matrix.runner().wait() == 0);
  CHECK(names_in(w.path("state-of-run") / "journal").empty());
  check_golden("system/fault-matrix.txt", outcome);
}

}  // namespace corunner::test
