#pragma once

#include "runner/observe/histogram.hpp"

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace corunner {

enum class metric_type { counter, gauge, histogram };

// Names are literals.
using metric_labels = std::vector<std::pair<std::string_view, std::string>>;

// Where a metric puts its present values.
class metric_samples {
 public:
  struct sample {
    metric_labels labels;  // sorted by name
    double value = 0;
    histogram const* values = nullptr;  // of a histogram, in place of the value
  };

  void add(double value, metric_labels labels = {});
  // The histogram must stay until the samples are written.
  void add(histogram const& values, metric_labels labels = {});

  std::vector<sample>& all() { return all_; }

 private:
  std::vector<sample> all_;
};

// One row of a table of metrics whose values are found in a `From`. `read` is called for each
// scrape, on the loop, and must not wait; it adds nothing when there is nothing to tell.
template <class From>
struct metric_row {
  std::string_view name;
  metric_type type;
  std::string_view help;
  void (*read)(From const& from, metric_samples& into);
};

// All metrics of the process and their text. Values live where they change; nothing is kept here,
// so a metric nobody asks for costs nothing.
class metrics {
 public:
  // A name may be added once. The table and `from` must outlive this.
  template <class From>
  void add(std::span<metric_row<std::type_identity_t<From>> const> table, From const& from) {
    for (auto const& row : table) {
      add({row.name, row.type, row.help,
           [&row, &from](metric_samples& into) { row.read(from, into); }});
    }
  }

  // Prometheus text format 0.0.4 (observability.md 1.3): families by name, samples by their labels,
  // buckets by their bounds.
  std::string text() const;

 private:
  struct family {
    std::string_view name;
    metric_type type;
    std::string_view help;
    std::function<void(metric_samples&)> read;
  };
  void add(family one);

  std::map<std::string_view, family> by_name_;
};

}  // namespace corunner
