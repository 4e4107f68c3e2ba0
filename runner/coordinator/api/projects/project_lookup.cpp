#include "runner/coordinator/api/projects/project_lookup.hpp"

#include "runner/coordinator/context.hpp"

#include <charconv>

namespace corunner::coordinator {

std::optional<project_record> find_project(context& in, std::string const& id_or_path) {
  std::int64_t id = 0;
  auto const* const end = id_or_path.data() + id_or_path.size();
  auto const [stop, failed] = std::from_chars(id_or_path.data(), end, id);
  if (failed == std::errc() && stop == end) return in.data.projects.find(id);
  return in.data.projects.find(id_or_path);
}

}  // namespace corunner::coordinator
