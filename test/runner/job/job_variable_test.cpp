#include "runner/job/job_variable.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

namespace {

job_variables sample() {
  return job_variables({{.key = "A", .value = "x"},
                        {.key = "B", .value = "first"},
                        {.key = "B", .value = "last"},
                        {.key = "F", .value = "content of $A", .file = true},
                        {.key = "RAW", .value = "$A$$ ${A}", .raw = true},
                        {.key = "NESTED", .value = "$B2"},
                        {.key = "B2", .value = "$C"},
                        {.key = "C", .value = "c"}});
}

}  // namespace

TEST_CASE("references are expanded as Go's os.Expand does", "[job][variables]") {
  auto const [text, expected] = GENERATE(table<std::string, std::string>({
      {"$A ${A} $$ $1 ${A:-d} $", "x x $   $"},
      {"$*|$#|$@|$!|$?|$-|$0|$9", "|||||||"},
      {"${}|${A|end", "|A|end"},
      {"$A_B|$A-B|$%|$(date)|`date`|\\$A", "|x-B|$%|$(date)|`date`|\\x"},
      {"${1}|${$}", "|$"},
      {"", ""},
      {"no reference", "no reference"},
      {"$", "$"},
      {"$A$A", "xx"},
      {"${UNKNOWN}", ""},
      {"$B", "last"},
      {"${F}_s", "/tmp/t/F_s"},
      {"u $RAW", "u $A$$ ${A}"},
  }));
  CAPTURE(text);
  CHECK(sample().expand(text, "/tmp/t") == expected);
}

TEST_CASE("names of the shell's own are never looked up", "[job][variables]") {
  job_variables const variables({{.key = "1", .value = "one"}, {.key = "@", .value = "at"}});
  CHECK(variables.expand("<$1${1}$@>", "") == "<>");
}

TEST_CASE("values are expanded one level, against the unexpanded list", "[job][variables]") {
  auto const expanded = sample().expanded("/tmp/t");
  CHECK(expanded.value("NESTED") == "$C");
  CHECK(expanded.value("B2") == "c");
}

TEST_CASE("raw values stay, the content of file variables is expanded", "[job][variables]") {
  auto const expanded = sample().expanded("/tmp/t");
  CHECK(expanded.value("RAW") == "$A$$ ${A}");
  CHECK(expanded.value("F") == "content of x");
}

TEST_CASE("the last definition of a name is the one that is found", "[job][variables]") {
  auto const variables = sample();
  CHECK(variables.value("B") == "last");
  CHECK(variables.find("B")->value == "last");
  CHECK(variables.find("NOT_THERE") == nullptr);
  CHECK(variables.value("NOT_THERE").empty());
}
