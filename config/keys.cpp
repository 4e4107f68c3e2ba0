#include "config/keys.hpp"

namespace corunner::config {

field member::operator()(open_table* owner) const {
  return std::visit(
      [owner](auto where) -> field {
        if constexpr (std::is_same_v<decltype(where), std::monostate>) {
          return {};
        } else {
          return &(owner->*where);
        }
      },
      where_);
}

namespace {

std::string joined(std::string_view name, char joint, std::string const& around) {
  if (name.empty() || name.front() != joint) return std::string(name);
  return around + std::string(name);
}

}  // namespace

flag_names names_of(key const& what, flag_names const& around) {
  return {joined(what.flag, '-', around.flag), joined(what.variable, '_', around.variable)};
}

}  // namespace corunner::config
