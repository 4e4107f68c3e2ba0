#include "runner/pipeline/variable.hpp"

#include <catch2/catch_test_macros.hpp>

namespace corunner::pipeline {
namespace {

variable_list sample() {
  variable_list out;
  out.set("A", "1");
  out.set("B_2", "two");
  out.set({"RAW", "$A", true, false, false, true});
  out.set({"FILE", "text", true, false, true});
  return out;
}

TEST_CASE("a later definition replaces an earlier one in place", "[pipeline][variable]") {
  variable_list list = sample();
  list.set({"A", "9", false, true});
  CHECK(list.items().size() == 4);
  CHECK(list.items().front() == variable{"A", "9", false, true});
  CHECK_FALSE(list.find("NONE"));
}

TEST_CASE("references in their three spellings are replaced", "[pipeline][variable]") {
  struct row {
    char const* text;
    char const* kept;
    char const* blanked;
  };
  constexpr row rows[]{
      {"plain", "plain", "plain"},
      {"$A", "1", "1"},
      {"${A}", "1", "1"},
      {"%A%", "1", "1"},
      {"x$A-${B_2}y", "x1-twoy", "x1-twoy"},
      {"$AB", "$AB", ""},
      {"${NONE}/x", "${NONE}/x", "/x"},
      {"%NONE%", "%NONE%", ""},
      {"100% of %A", "100% of %A", "100% of %A"},
      {"$$A", "$$A", "$$A"},
      {"%%A%", "%%A%", "%%A%"},
      {"$$$A", "$$1", "$$1"},
      {"${A", "${A", "${A"},
      {"${}", "${}", "${}"},
      {"$1", "$1", "$1"},
      {"$", "$", "$"},
      {"$RAW $FILE", "$RAW $FILE", "$RAW $FILE"},
  };
  for (row const& r : rows) {
    CAPTURE(r.text);
    CHECK(expand(r.text, sample(), undefined_reference::keep) == r.kept);
    CHECK(expand(r.text, sample(), undefined_reference::blank) == r.blanked);
  }
}

TEST_CASE("values are expanded after the ones that they refer to", "[pipeline][variable]") {
  variable_list list;
  list.set("TOP", "$MIDDLE!");
  list.set("MIDDLE", "${BOTTOM}-$UNKNOWN");
  list.set("BOTTOM", "x$$y");
  list.set({"RAW", "$BOTTOM", true, false, false, true});
  list.set("USES_RAW", "$RAW");
  list.set("PATH", "$PATH:/bin");
  sorted_expansion const got = expand_all(list);
  CHECK(got.cycle.empty());
  CHECK(got.variables.value("TOP") == "x$$y-$UNKNOWN!");
  CHECK(got.variables.value("MIDDLE") == "x$$y-$UNKNOWN");
  CHECK(got.variables.value("RAW") == "$BOTTOM");
  CHECK(got.variables.value("USES_RAW") == "$RAW");
  CHECK(got.variables.value("PATH") == "$PATH:/bin");
  CHECK(got.variables.items().front().key == "TOP");
}

TEST_CASE("a circle of references is named and nothing is expanded", "[pipeline][variable]") {
  variable_list list;
  list.set("START", "$A");
  list.set("A", "$B");
  list.set("B", "$C");
  list.set("C", "$A");
  sorted_expansion const got = expand_all(list);
  CHECK(got.cycle == std::vector<std::string>{"A", "B", "C"});
  CHECK(got.variables.value("START") == "$A");
}

TEST_CASE("values that double at every step are stopped", "[pipeline][variable]") {
  variable_list list;
  list.set("V0", "0123456789");
  for (int i = 1; i < 40; ++i) {
    std::string const before = "$V" + std::to_string(i - 1);
    list.set("V" + std::to_string(i), before + before);
  }
  CHECK_FALSE(expand_all(list).cycle.empty());
}

}  // namespace
}  // namespace corunner::pipeline
