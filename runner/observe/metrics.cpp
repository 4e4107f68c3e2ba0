#include "runner/observe/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>

namespace corunner {

namespace {

std::string_view name_of(metric_type type) {
  switch (type) {
    case metric_type::counter:
      return "counter";
    case metric_type::gauge:
      return "gauge";
    case metric_type::histogram:
      return "histogram";
  }
  return "untyped";
}

// Backslash and newline, and the quote in values of labels.
std::string escaped(std::string_view text, bool quotes) {
  std::string out;
  for (char const c : text) {
    if (c == '\\') out += "\\\\";
    else if (c == '\n') out += "\\n";
    else if (c == '"' && quotes) out += "\\\"";
    else out += c;
  }
  return out;
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

std::string line(std::string const& name, metric_samples::sample const& what) {
  std::string labels;
  for (auto const& [key, value] : what.labels) {
    labels += fmt::format("{}{}=\"{}\"", labels.empty() ? "" : ",", key, escaped(value, true));
  }
  if (!labels.empty()) labels = '{' + labels + '}';
  return fmt::format("{}{}{} {}\n", name, what.suffix, labels, number(what.value));
}

}  // namespace

void metric_samples::add(std::string suffix, double value, metric_labels labels) {
  std::ranges::sort(labels);
  all_.push_back({std::move(suffix), std::move(labels), value});
}

void metrics::add(std::vector<metric> rows) {
  for (metric& row : rows) {
    auto const [place, is_new] = by_name_.emplace(row.name, std::move(row));
    if (!is_new) throw std::logic_error("metric '" + place->first + "' exists already");
  }
}

std::string metrics::text() const {
  std::string out;
  for (auto const& [name, row] : by_name_) {
    metric_samples values;
    row.read(values);
    if (values.all().empty()) continue;
    if (row.type != metric_type::histogram) {
      std::ranges::sort(values.all(), {}, &metric_samples::sample::labels);
    }
    fmt::format_to(std::back_inserter(out), "# HELP {0} {1}\n# TYPE {0} {2}\n", name,
                   escaped(row.help, false), name_of(row.type));
    for (auto const& one : values.all()) out += line(name, one);
  }
  return out;
}

}  // namespace corunner
