#include "runner/job/feature_flag_reference.hpp"
#include "runner/job/feature_flags.hpp"
#include "test/runner/job/parity_evidence.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace corunner;

// GitLab Runner's flags (test/data/parity/feature-flags.tsv: name, default, deprecated, effect,
// worth implementing) against ours. For each that has an effect feature-flags-tests.tsv names what
// shows it: a recorded case, or the test of a file. Why the others have none says the reference
// page.

namespace {

using row = std::vector<std::string>;

std::vector<row> read_rows(std::string const& name) {
  auto rows = test::read_tsv("parity/" + name);
  REQUIRE_FALSE(rows.empty());
  return rows;
}

void check_evidence(std::string const& flag, std::string const& kind, std::string const& where) {
  CAPTURE(flag, kind, where);
  if (kind == "case") return test::check_recorded_job("\"" + flag + "\"", where);
  REQUIRE(kind == "test");
  test::check_test(where);
}

flag_meaning const* meaning_of(std::string const& flag) {
  auto const all = flag_meanings();
  auto const found = std::ranges::find(all, flag, &flag_meaning::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("every flag of GitLab Runner's is known with its default", "[job][flags][parity]") {
  std::size_t known = 0;
  for (auto const& flag : read_rows("feature-flags.tsv")) {
    CAPTURE(flag[0]);
    if (flag[1] == "removed") {
      CHECK(is_removed_feature_flag(flag[0]));
      continue;
    }
    ++known;
    auto const ours = all_feature_flags();
    auto const found = std::ranges::find(ours, flag[0], &feature_flag::name);
    REQUIRE(found != ours.end());
    CHECK(found->by_default == (flag[1] == "true"));
  }
  CHECK(known == all_feature_flags().size());
}

TEST_CASE("a flag that does something has a test, any other says why it does not",
          "[job][flags][parity]") {
  std::map<std::string, std::vector<row>> evidence;
  for (auto const& one : read_rows("feature-flags-tests.tsv")) {
    REQUIRE(one.size() == 3);
    evidence[one[0]].push_back(one);
    auto const* const meaning = meaning_of(one[0]);
    CAPTURE(one[0]);
    CHECK((meaning != nullptr && meaning->has_effect));
    check_evidence(one[0], one[1], one[2]);
  }
  for (auto const& flag : read_rows("feature-flags.tsv")) {
    if (flag[1] == "removed") continue;
    CAPTURE(flag[0]);
    auto const* const meaning = meaning_of(flag[0]);
    REQUIRE(meaning != nullptr);
    CHECK_FALSE(meaning->text.empty());
    CHECK(evidence.contains(flag[0]) == meaning->has_effect);
    // What is worth it is there, but for what belongs to parts that are not.
    bool const is_worth_it = flag[4].starts_with("yes");
    if (is_worth_it && !meaning->has_effect) {
      CHECK(meaning->text.find("not here yet") != std::string_view::npos);
    }
  }
}

TEST_CASE("the reference page lists every flag, and says which have no effect",
          "[job][flags][parity]") {
  auto const page = feature_flag_reference();
  auto const flags = all_feature_flags();
  auto const meanings = flag_meanings();
  REQUIRE(meanings.size() == flags.size());
  for (std::size_t i = 0; i != flags.size(); ++i) {
    CAPTURE(flags[i].name);
    CHECK(meanings[i].name == flags[i].name);
    auto const line = "| `" + std::string(flags[i].name) + "` | " +
                      (flags[i].by_default ? "true" : "false") + " | " +
                      (meanings[i].has_effect ? "" : "none: ") + std::string(meanings[i].text);
    CHECK(page.find(line) != std::string::npos);
  }
}
