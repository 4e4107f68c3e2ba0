#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corunner {

enum class metric_type { counter, gauge, histogram };

using metric_labels = std::vector<std::pair<std::string, std::string>>;

// Where a metric puts its present values.
class metric_samples {
 public:
  struct sample {
    std::string suffix;    // "", or "_bucket", "_sum", "_count" of a histogram
    metric_labels labels;  // sorted by name
    double value;
  };

  void add(double value, metric_labels labels = {}) { add("", value, std::move(labels)); }
  void add(std::string suffix, double value, metric_labels labels);

  std::vector<sample>& all() { return all_; }

 private:
  std::vector<sample> all_;
};

// One metric: a row of a table. `read` is called for each scrape, on the loop, and must not wait; it
// adds nothing when there is nothing to tell.
struct metric {
  std::string name;
  metric_type type;
  std::string help;
  std::function<void(metric_samples&)> read;
};

// All metrics of the process and their text. Values live where they change; nothing is kept here, so
// a metric nobody asks for costs nothing.
class metrics {
 public:
  // A name may be added once.
  void add(std::vector<metric> rows);

  // Prometheus text format 0.0.4 (observability.md 1.3): families by name, samples by their labels,
  // those of a histogram in the order given.
  std::string text() const;

 private:
  std::map<std::string, metric> by_name_;
};

// Resident memory, processor time, open files, start: what the kernel tells of this process
// (observability.md 1.6). What it does not tell is left out.
std::vector<metric> process_metrics();

}  // namespace corunner
