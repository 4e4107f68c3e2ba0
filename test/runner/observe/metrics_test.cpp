#include "runner/observe/metrics.hpp"

#include "runner/observe/process_metrics.hpp"
#include "test/support/exposition.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>
#include <limits>
#include <stdexcept>

using namespace corunner;
using namespace corunner::test;

namespace {

struct source {
  double value = 0;
  std::string name;
};

void read_value(source const& from, metric_samples& into) {
  metric_labels labels;
  if (!from.name.empty()) labels.emplace_back("name", from.name);
  into.add(from.value, std::move(labels));
}

constexpr metric_row<source> one[] = {{"m", metric_type::gauge, "A value.", read_value}};
constexpr metric_row<source> two[] = {{"b_total", metric_type::counter, "A value.", read_value},
                                      {"a_total", metric_type::gauge, "Another.", read_value}};

std::string text_of(std::span<metric_row<source> const> table, source const& from = {}) {
  metrics all;
  all.add(table, from);
  auto const text = all.text();
  CHECK(exposition_fault(text) == "");
  return text;
}

}  // namespace

TEST_CASE("metrics are written by name, with help and type once each", "[observe][metrics]") {
  CHECK(text_of(two, {.value = 1.5, .name = {}}) ==
        "# HELP a_total Another.\n# TYPE a_total gauge\na_total 1.5\n"
        "# HELP b_total A value.\n# TYPE b_total counter\nb_total 1.5\n");
}

TEST_CASE("samples of a metric are sorted by their labels, labels by name", "[observe][metrics]") {
  constexpr metric_row<source> jobs[] = {
      {"jobs", metric_type::counter, "Jobs.", [](source const&, metric_samples& into) {
         into.add(1, {{"state", "running"}, {"runner", "b"}});
         into.add(2, {{"state", "idle"}, {"runner", "a"}});
       }}};
  CHECK(text_of(jobs) ==
        "# HELP jobs Jobs.\n# TYPE jobs counter\n"
        "jobs{runner=\"a\",state=\"idle\"} 2\njobs{runner=\"b\",state=\"running\"} 1\n");
}

TEST_CASE("backslashes, quotes and newlines in labels are escaped", "[observe][metrics]") {
  auto const text = text_of(one, {.value = 1, .name = "a\\b\"c\nd"});
  CHECK(text.find("m{name=\"a\\\\b\\\"c\\nd\"} 1\n") != std::string::npos);
}

TEST_CASE("numbers without an end have their own words", "[observe][metrics]") {
  constexpr auto infinity = std::numeric_limits<double>::infinity();
  CHECK(text_of(one, {.value = infinity, .name = {}}).ends_with("m +Inf\n"));
  CHECK(text_of(one, {.value = -infinity, .name = {}}).ends_with("m -Inf\n"));
  CHECK(text_of(one, {.value = std::numeric_limits<double>::quiet_NaN(), .name = {}})
            .ends_with("m NaN\n"));
}

TEST_CASE("a histogram counts every value below its bound and all above", "[observe][metrics]") {
  static constexpr std::array<double, 3> bounds{0.5, 5, 1000};
  histogram took(bounds);
  for (double const value : {0.1, 0.5, 0.6, 5.0, 2e6}) took.observe(value);
  metrics all;
  constexpr metric_row<histogram> table[] = {
      {"took", metric_type::histogram, "Time.", [](histogram const& from, metric_samples& into) {
         into.add(from, {{"mode", "x"}});
       }}};
  all.add(table, took);
  CHECK(exposition_fault(all.text()) == "");
  CHECK(all.text() ==
        "# HELP took Time.\n# TYPE took histogram\n"
        "took_bucket{mode=\"x\",le=\"0.5\"} 2\ntook_bucket{mode=\"x\",le=\"5\"} 4\n"
        "took_bucket{mode=\"x\",le=\"1000\"} 4\ntook_bucket{mode=\"x\",le=\"+Inf\"} 5\n"
        "took_sum{mode=\"x\"} 2000006.2\ntook_count{mode=\"x\"} 5\n");
}

TEST_CASE("a histogram without values is there with zeros", "[observe][metrics]") {
  static constexpr std::array<double, 1> bounds{1};
  histogram const took(bounds);
  CHECK(took.cumulated() == std::vector<std::uint64_t>{0, 0});
}

TEST_CASE("a metric with nothing to tell is left out", "[observe][metrics]") {
  metrics all;
  constexpr metric_row<source> none[] = {
      {"none", metric_type::gauge, "Nothing.", [](source const&, metric_samples&) {}}};
  source const from;
  all.add(none, from);
  CHECK(all.text().empty());
}

TEST_CASE("a metric stands once", "[observe][metrics]") {
  metrics all;
  source const from;
  all.add(one, from);
  CHECK_THROWS_AS(all.add(one, from), std::logic_error);
}

TEST_CASE("the kernel tells of this process", "[observe][metrics]") {
  metrics all;
  add_process_metrics(all);
  auto const text = all.text();
  CHECK(exposition_fault(text) == "");
  for (auto const* name :
       {"corunner_threads", "process_cpu_seconds_total", "process_max_fds",
        "process_network_receive_bytes_total", "process_network_transmit_bytes_total",
        "process_open_fds", "process_resident_memory_bytes", "process_start_time_seconds",
        "process_virtual_memory_bytes", "process_virtual_memory_max_bytes"}) {
    CAPTURE(name);
    CHECK(text.find("\n" + std::string(name) + " ") != std::string::npos);
  }
  CHECK(text.find("\nprocess_resident_memory_bytes 0\n") == std::string::npos);
  CHECK(text.find("\ncorunner_threads 1\n") != std::string::npos);
}
