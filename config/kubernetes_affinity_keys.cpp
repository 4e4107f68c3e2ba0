#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array selector_requirement_keys{
    value<&selector_requirement::key>("key", "Label or field name"),
    value<&selector_requirement::comparison>("operator", "In, NotIn, Exists, DoesNotExist, Gt, Lt"),
    value<&selector_requirement::values>("values", "Values of the condition"),
};

constexpr std::array node_selector_term_keys{
    table_list<&node_selector_term::match_expressions>("match_expressions",
        "Label conditions, all must match", selector_requirement_section),
    table_list<&node_selector_term::match_fields>("match_fields",
        "Field conditions, all must match", selector_requirement_section),
};

constexpr std::array node_selector_keys{
    table_list<&node_selector::node_selector_terms>("node_selector_terms",
        "Alternatives, any may match", node_selector_term_section),
};

constexpr std::array preferred_scheduling_term_keys{
    value<&preferred_scheduling_term::weight>("weight", "Weight 1-100", {.write = writing::always}),
    table<&preferred_scheduling_term::preference>("preference", "The preferred node term",
        node_selector_term_section, {.write = writing::always}),
};

constexpr std::array node_affinity_keys{
    optional_table<&node_affinity::required_during_scheduling_ignored_during_execution>(
        "required_during_scheduling_ignored_during_execution", "Hard scheduling rules",
        node_selector_section),
    table_list<&node_affinity::preferred_during_scheduling_ignored_during_execution>(
        "preferred_during_scheduling_ignored_during_execution", "Weighted scheduling rules",
        preferred_scheduling_term_section),
};

constexpr std::array label_selector_keys{
    value<&label_selector::match_labels>("match_labels", "Exact label matches"),
    table_list<&label_selector::match_expressions>("match_expressions",
        "Label conditions, all must match", selector_requirement_section),
};

constexpr std::array pod_affinity_term_keys{
    optional_table<&pod_affinity_term::label_selector>("label_selector", "Pods to match",
        label_selector_section),
    value<&pod_affinity_term::namespaces>("namespaces", "Name spaces to look in"),
    value<&pod_affinity_term::topology_key>("topology_key", "Node label that defines the domain"),
    optional_table<&pod_affinity_term::namespace_selector>("namespace_selector",
        "Name spaces by label", label_selector_section),
    value<&pod_affinity_term::match_label_keys>("match_label_keys",
        "Pod label keys taken into the selector"),
    value<&pod_affinity_term::mismatch_label_keys>("mismatch_label_keys",
        "Pod label keys that must differ"),
};

constexpr std::array weighted_pod_affinity_term_keys{
    value<&weighted_pod_affinity_term::weight>("weight", "Weight 1-100",
        {.write = writing::always}),
    table<&weighted_pod_affinity_term::pod_affinity_term>("pod_affinity_term",
        "The preferred pod term", pod_affinity_term_section, {.write = writing::always}),
};

constexpr std::array pod_affinity_keys{
    table_list<&pod_affinity::required_during_scheduling_ignored_during_execution>(
        "required_during_scheduling_ignored_during_execution", "Hard scheduling rules",
        pod_affinity_term_section),
    table_list<&pod_affinity::preferred_during_scheduling_ignored_during_execution>(
        "preferred_during_scheduling_ignored_during_execution", "Weighted scheduling rules",
        weighted_pod_affinity_term_section),
};

constexpr std::array kubernetes_affinity_keys{
    optional_table<&kubernetes_affinity::node_affinity>("node_affinity", "Node affinity",
        node_affinity_section),
    optional_table<&kubernetes_affinity::pod_affinity>("pod_affinity", "Pod affinity",
        pod_affinity_section),
    optional_table<&kubernetes_affinity::pod_anti_affinity>("pod_anti_affinity",
        "Pod anti-affinity", pod_affinity_section),
};

}  // namespace

constinit section const selector_requirement_section{selector_requirement_keys};
constinit section const node_selector_term_section{node_selector_term_keys};
constinit section const node_selector_section{node_selector_keys};
constinit section const preferred_scheduling_term_section{preferred_scheduling_term_keys};
constinit section const node_affinity_section{node_affinity_keys};
constinit section const label_selector_section{label_selector_keys};
constinit section const pod_affinity_term_section{pod_affinity_term_keys};
constinit section const weighted_pod_affinity_term_section{weighted_pod_affinity_term_keys};
constinit section const pod_affinity_section{pod_affinity_keys};
constinit section const kubernetes_affinity_section{kubernetes_affinity_keys};

}  // namespace corunner::config
