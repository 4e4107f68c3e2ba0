#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::pipeline::planning {

// Finds jobs by their full name, or all instances of a parallel job by the name they share.
template <class Job, class Name, class Group>
std::multimap<std::string, std::size_t, std::less<>> index_names(std::vector<Job> const& jobs,
                                                                 Name name, Group group) {
  std::multimap<std::string, std::size_t, std::less<>> out;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    out.emplace(name(jobs[i]), i);
    if (group(jobs[i]) != name(jobs[i])) out.emplace(group(jobs[i]), i);
  }
  return out;
}

using name_index = std::multimap<std::string, std::size_t, std::less<>>;

inline std::vector<std::size_t> places_of(name_index const& names, std::string_view name) {
  std::vector<std::size_t> out;
  auto const [begin, end] = names.equal_range(name);
  for (auto i = begin; i != end; ++i) out.push_back(i->second);
  return out;
}

}  // namespace corunner::pipeline::planning
