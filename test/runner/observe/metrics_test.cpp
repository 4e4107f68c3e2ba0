#include "runner/observe/metrics.hpp"

#include "test/support/exposition.hpp"

#include <catch2/catch_test_macros.hpp>

#include <limits>
#include <stdexcept>

using namespace corunner;
using namespace corunner::test;

namespace {

metric constant(std::string name, double value, metric_labels labels = {}) {
  return {std::move(name), metric_type::gauge, "A value.",
          [value, labels](metric_samples& into) { into.add(value, labels); }};
}

std::string text_of(std::vector<metric> rows) {
  metrics all;
  all.add(std::move(rows));
  auto const text = all.text();
  CHECK(exposition_fault(text) == "");
  return text;
}

}  // namespace

TEST_CASE("metrics are written by name, with help and type once each", "[observe][metrics]") {
  CHECK(text_of({constant("b_total", 2), constant("a_total", 1.5)}) ==
        "# HELP a_total A value.\n# TYPE a_total gauge\na_total 1.5\n"
        "# HELP b_total A value.\n# TYPE b_total gauge\nb_total 2\n");
}

TEST_CASE("samples of a metric are sorted by their labels, labels by name", "[observe][metrics]") {
  metric const jobs{"jobs", metric_type::counter, "Jobs.", [](metric_samples& into) {
                      into.add(1, {{"state", "running"}, {"runner", "b"}});
                      into.add(2, {{"state", "idle"}, {"runner", "a"}});
                    }};
  CHECK(text_of({jobs}) ==
        "# HELP jobs Jobs.\n# TYPE jobs counter\n"
        "jobs{runner=\"a\",state=\"idle\"} 2\njobs{runner=\"b\",state=\"running\"} 1\n");
}

TEST_CASE("backslashes, quotes and newlines in labels are escaped", "[observe][metrics]") {
  auto const text = text_of({constant("m", 1, {{"name", "a\\b\"c\nd"}})});
  CHECK(text.find("m{name=\"a\\\\b\\\"c\\nd\"} 1\n") != std::string::npos);
}

TEST_CASE("numbers without an end have their own words", "[observe][metrics]") {
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  CHECK(text_of({constant("m", infinity)}).ends_with("m +Inf\n"));
  CHECK(text_of({constant("m", -infinity)}).ends_with("m -Inf\n"));
  CHECK(text_of({constant("m", std::numeric_limits<double>::quiet_NaN())}).ends_with("m NaN\n"));
}

TEST_CASE("a histogram keeps the order of its parts", "[observe][metrics]") {
  metric const took{"took", metric_type::histogram, "Time.", [](metric_samples& into) {
                      into.add("_bucket", 1, {{"le", "5"}});
                      into.add("_bucket", 2, {{"le", "10"}});
                      into.add("_bucket", 2, {{"le", "+Inf"}});
                      into.add("_sum", 8, {});
                      into.add("_count", 2, {});
                    }};
  CHECK(text_of({took}).ends_with("took_bucket{le=\"5\"} 1\ntook_bucket{le=\"10\"} 2\n"
                                  "took_bucket{le=\"+Inf\"} 2\ntook_sum 8\ntook_count 2\n"));
}

TEST_CASE("a metric with nothing to tell is left out", "[observe][metrics]") {
  metrics all;
  all.add({{"none", metric_type::gauge, "Nothing.", [](metric_samples&) {}}});
  CHECK(all.text().empty());
}

TEST_CASE("a metric stands once", "[observe][metrics]") {
  metrics all;
  all.add({constant("m", 1)});
  CHECK_THROWS_AS(all.add({constant("m", 2)}), std::logic_error);
}

TEST_CASE("the kernel tells of this process", "[observe][metrics]") {
  auto const text = text_of(process_metrics());
  for (auto const* name :
       {"process_cpu_seconds_total", "process_max_fds", "process_open_fds",
        "process_resident_memory_bytes", "process_start_time_seconds",
        "process_virtual_memory_bytes", "process_virtual_memory_max_bytes"}) {
    CAPTURE(name);
    CHECK(text.find("\n" + std::string(name) + " ") != std::string::npos);
    CHECK(text.find("\n" + std::string(name) + " 0\n") == std::string::npos);
  }
}
