#include "test/runner/job/parity_evidence.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <map>
#include <vector>

using namespace corunner;

// The variables that GitLab Runner sets and reads (test/data/parity/variables.tsv) against ours.
// variables-tests.tsv names for each what shows it: a recorded job, a recorded call of a helper
// command, or the test of a file; or, as `none`, why there is nothing yet.

namespace {

// "CI_SERVER_HOST, CI_SERVER_SHELL_SSH_HOST": the first; "FF_*": what all begin with.
std::string first_name(std::string const& names) {
  if (names.starts_with("(any name)")) return "environment";
  return names.substr(0, names.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"));
}

void check_recorded_call(std::string const& variable, std::string const& name) {
  CAPTURE(variable, name);
  auto const directory = test::test_data() / "observed/helper";
  auto const text = test::contents(directory / "observed.json");
  CHECK(boost::json::parse(text).as_object().contains(name));
  bool const is_about_it =
      text.find(variable) != std::string::npos ||
      test::contents(directory / "cases.py").find(variable) != std::string::npos;
  CHECK(is_about_it);
}

void check(std::string const& variable, std::string const& kind, std::string const& where) {
  CAPTURE(variable, kind, where);
  if (kind == "case") return test::check_recorded_job(variable, where);
  if (kind == "helper") return check_recorded_call(variable, where);
  if (kind == "test") return test::check_test(where);
  CHECK(kind == "none");
  CHECK(where.find("not here yet") != std::string::npos);
}

}  // namespace

TEST_CASE("every variable of GitLab Runner's is shown by a test, or it is said why there is none",
          "[job][variables][parity]") {
  std::map<std::string, int> shown;
  for (auto const& row : test::read_tsv("parity/variables-tests.tsv")) {
    REQUIRE(row.size() == 3);
    ++shown[row[0]];
    check(first_name(row[0]), row[1], row[2]);
  }
  std::size_t known = 0;
  for (auto const& row : test::read_tsv("parity/variables.tsv")) {
    CAPTURE(row[0]);
    CHECK(shown.contains(row[0]));
    ++known;
  }
  CHECK(known == shown.size());
}
