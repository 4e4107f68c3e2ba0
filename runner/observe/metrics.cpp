#include "runner/observe/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace corunner {

namespace {

constexpr std::array<std::string_view, 3> type_names{"counter", "gauge", "histogram"};

// Backslash and newline, and the quote in values of labels.
void append_escaped(std::string& out, std::string_view text, bool quotes) {
  for (char const c : text) {
    if (c == '\\') out += "\\\\";
    else if (c == '\n') out += "\\n";
    else if (c == '"' && quotes) out += "\\\"";
    else out += c;
  }
}

// The shortest text that reads back as the number.
std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

std::string text_of(metric_labels const& labels) {
  std::string out;
  for (auto const& [key, value] : labels) {
    if (!out.empty()) out += ',';
    out.append(key).append("=\"");
    append_escaped(out, value, true);
    out += '"';
  }
  return out;
}

void append_line(std::string& out, std::string_view name, std::string_view suffix,
                 std::string_view labels, std::string_view value) {
  out.append(name).append(suffix);
  if (!labels.empty()) out.append("{").append(labels).append("}");
  out.append(" ").append(value).append("\n");
}

void append_histogram(std::string& out, std::string_view name, std::string const& labels,
                      histogram const& values) {
  auto const counts = values.cumulated();
  auto const before = labels.empty() ? std::string() : labels + ',';
  for (std::size_t i = 0; i < counts.size(); ++i) {
    auto const bound = i < values.bounds().size() ? values.bounds()[i]
                                                  : std::numeric_limits<double>::infinity();
    append_line(out, name, "_bucket", before + "le=\"" + number(bound) + '"',
                std::to_string(counts[i]));
  }
  append_line(out, name, "_sum", labels, number(values.sum()));
  append_line(out, name, "_count", labels, std::to_string(counts.back()));
}

}  // namespace

void metric_samples::add(double value, metric_labels labels) {
  std::ranges::sort(labels);
  all_.push_back({std::move(labels), value, nullptr});
}

void metric_samples::add(histogram const& values, metric_labels labels) {
  std::ranges::sort(labels);
  all_.push_back({std::move(labels), 0, &values});
}

void metrics::add(family one) {
  auto const [place, is_new] = by_name_.emplace(one.name, std::move(one));
  if (!is_new) throw std::logic_error("metric '" + std::string(place->first) + "' exists already");
}

std::string metrics::text() const {
  std::string out;
  for (auto const& [name, row] : by_name_) {
    metric_samples values;
    row.read(values);
    if (values.all().empty()) continue;
    std::ranges::sort(values.all(), {}, &metric_samples::sample::labels);
    out.append("# HELP ").append(name).append(" ");
    append_escaped(out, row.help, false);
    out.append("\n# TYPE ").append(name).append(" ");
    out.append(type_names[static_cast<std::size_t>(row.type)]).append("\n");
    for (auto const& one : values.all()) {
      auto const labels = text_of(one.labels);
      if (one.values) append_histogram(out, name, labels, *one.values);
      else append_line(out, name, "", labels, number(one.value));
    }
  }
  return out;
}

}  // namespace corunner
