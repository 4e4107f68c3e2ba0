#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace corunner::test {

// A page in Prometheus' text format, taken apart.
class metrics_page {
 public:
  using labels = std::map<std::string, std::string>;

  explicit metrics_page(std::string text);

  std::string const& text() const { return text_; }
  std::set<std::string> names() const;
  bool has(std::string const& family) const { return types_.contains(family); }
  std::string type_of(std::string const& family) const { return types_.at(family); }
  // Names of labels, without "le".
  std::set<std::string> labels_of(std::string const& family) const;
  // The values of "le" in the order of the page, without +Inf.
  std::vector<std::string> buckets_of(std::string const& family) const;
  // Of all samples (name with its suffix) that have these labels; nothing: there is none.
  std::optional<double> sum(std::string const& name, labels const& wanted) const;

 private:
  struct sample {
    std::string family;
    std::string name;
    labels with;
    double value = 0;
  };
  sample parse(std::string const& line, std::string const& family) const;

  std::string text_;
  std::map<std::string, std::string> types_;
  std::vector<sample> samples_;
};

// test/data/parity/metrics.tsv, and metrics-differences.tsv beside it: what is left out, and why. A
// name there may have stars.
class parity_list {
 public:
  struct row {
    std::string name;
    std::string type;
    std::set<std::string> labels;
    std::vector<std::string> buckets;
  };

  parity_list();
  std::vector<row> const& rows() const { return rows_; }
  bool is_left_out(std::string const& name) const;
  bool knows(std::string const& name) const;

 private:
  std::vector<row> rows_;
  std::vector<std::string> left_out_;
};

}  // namespace corunner::test
