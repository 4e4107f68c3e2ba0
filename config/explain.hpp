#pragma once

#include "config/config.hpp"
#include "config/problem.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::config {

// One step of a key that a person names: "runners[2]", "runners[NAME]", "docker".
struct key_step {
  std::string name;                     // as it is declared
  std::optional<std::string> selector;  // of a list: a number counted from 0, or a `name`
};

// A key or a table as a person names it: "concurrent", "runners.docker.image" (of all entries),
// "runners[2].limit", "runners[NAME]". Names match in any case. The failure says which part is not
// known, and what was perhaps meant.
outcome<std::vector<key_step>> parse_key(std::string_view text);

// A value that is in force.
struct fact {
  std::string path;   // runners[0].docker.image
  std::string value;  // as in a file, "unset" when it has none; secrets are [MASKED]
  std::string doc;
  position where;     // line 0: not in the file
  std::vector<std::string> variables;  // it was expanded from
};

// Every value of `what` below `chosen` (empty: all), in the order of a save. `where` holds the
// positions of the file that `what` was read from.
std::vector<fact> facts_of(configuration const& what, positions const& where,
                           std::vector<key_step> const& chosen);

}  // namespace corunner::config
