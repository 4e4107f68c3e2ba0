#pragma once

#include "config/field_types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::config {

// [[runners.kubernetes.affinity.node_affinity.required_... .node_selector_terms.match_expressions]]
struct selector_requirement : open_table {
  std::string key;
  std::string comparison;
  std::vector<std::string> values;

  bool operator==(selector_requirement const&) const = default;
};

// [[runners.kubernetes.affinity.node_affinity.required_... .node_selector_terms]]
struct node_selector_term : open_table {
  std::vector<selector_requirement> match_expressions;
  std::vector<selector_requirement> match_fields;

  bool operator==(node_selector_term const&) const = default;
};

// [runners.kubernetes.affinity.node_affinity.required_during_scheduling_ignored_during_execution]
struct node_selector : open_table {
  std::vector<node_selector_term> node_selector_terms;

  bool operator==(node_selector const&) const = default;
};

// [[runners.kubernetes.affinity.node_affinity.preferred_...]]
struct preferred_scheduling_term : open_table {
  std::int64_t weight = 0;
  node_selector_term preference;

  bool operator==(preferred_scheduling_term const&) const = default;
};

// [runners.kubernetes.affinity.node_affinity]
struct node_affinity : open_table {
  std::optional<node_selector> required_during_scheduling_ignored_during_execution;
  std::vector<preferred_scheduling_term> preferred_during_scheduling_ignored_during_execution;

  bool operator==(node_affinity const&) const = default;
};

// [runners.kubernetes.affinity.pod_affinity.required_... .label_selector]
struct label_selector : open_table {
  string_map match_labels;
  std::vector<selector_requirement> match_expressions;

  bool operator==(label_selector const&) const = default;
};

// [[runners.kubernetes.affinity.pod_affinity.required_during_scheduling_ignored_during_execution]]
struct pod_affinity_term : open_table {
  std::optional<config::label_selector> label_selector;
  std::vector<std::string> namespaces;
  std::string topology_key;
  std::optional<config::label_selector> namespace_selector;
  std::vector<std::string> match_label_keys;
  std::vector<std::string> mismatch_label_keys;

  bool operator==(pod_affinity_term const&) const = default;
};

// [[runners.kubernetes.affinity.pod_affinity.preferred_during_scheduling_ignored_during_execution]]
struct weighted_pod_affinity_term : open_table {
  std::int64_t weight = 0;
  config::pod_affinity_term pod_affinity_term;

  bool operator==(weighted_pod_affinity_term const&) const = default;
};

// [runners.kubernetes.affinity.pod_affinity]
struct pod_affinity : open_table {
  std::vector<pod_affinity_term> required_during_scheduling_ignored_during_execution;
  std::vector<weighted_pod_affinity_term> preferred_during_scheduling_ignored_during_execution;

  bool operator==(pod_affinity const&) const = default;
};

// [runners.kubernetes.affinity]
struct kubernetes_affinity : open_table {
  std::optional<config::node_affinity> node_affinity;
  std::optional<config::pod_affinity> pod_affinity;
  std::optional<config::pod_affinity> pod_anti_affinity;

  bool operator==(kubernetes_affinity const&) const = default;
};

}  // namespace corunner::config
