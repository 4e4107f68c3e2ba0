#include "runner/pipeline/planning/instances.hpp"

#include <fmt/format.h>

namespace corunner::pipeline::planning {
namespace {

void add(std::vector<entry::job_entry>& to, entry::job_entry job) {
  // Instances with the same name replace each other, as in GitLab.
  for (entry::job_entry& known : to) {
    if (known.base.name != job.base.name) continue;
    known = std::move(job);
    return;
  }
  to.push_back(std::move(job));
}

void add_matrix(std::vector<entry::job_entry>& to, entry::job_entry const& job) {
  int index = 0;
  for (std::vector<variable> const& values : job.parallel.instances) {
    entry::job_entry one = job;
    std::vector<std::string> shown;
    variable_list variables(one.base.variables);
    for (variable const& v : values) {
      shown.push_back(v.value);
      variables.set(v);
    }
    one.base.variables = std::move(variables).take();
    one.base.name = fmt::format("{}: [{}]", job.base.name, fmt::join(shown, ", "));
    one.base.node_index = ++index;
    one.base.node_total = static_cast<int>(job.parallel.instances.size());
    add(to, std::move(one));
  }
}

}  // namespace

std::vector<entry::job_entry> make_instances(std::vector<entry::job_entry> jobs) {
  std::vector<entry::job_entry> out;
  for (entry::job_entry& job : jobs) {
    if (!job.parallel.instances.empty()) {
      add_matrix(out, job);
      continue;
    }
    if (job.parallel.count < 1) {
      add(out, std::move(job));
      continue;
    }
    for (int i = 1; i <= job.parallel.count; ++i) {
      entry::job_entry one = job;
      one.base.name = fmt::format("{} {}/{}", job.base.name, i, job.parallel.count);
      one.base.node_index = i;
      one.base.node_total = job.parallel.count;
      add(out, std::move(one));
    }
  }
  return out;
}

}  // namespace corunner::pipeline::planning
