#pragma once

#include "config/file.hpp"
#include "config/problem.hpp"

#include <string_view>
#include <vector>

namespace corunner::config {

// What a text says, as far as it can be read, and what is wrong with it.
struct reading {
  configuration values;
  std::vector<problem> problems;
};

// Decodes a text and goes on after what cannot be decoded. Problems: undecodable and unknown ones,
// in the order of the file. With `where`, the place of every key is put there. Failure: no TOML.
outcome<reading> decode_all(std::string_view text, environment const& variables,
                            positions* where = nullptr);

// decode_all and every other check, with places; sorted (sort_problems).
outcome<reading> inspect(std::string_view text, environment const& variables,
                         positions* where = nullptr);

}  // namespace corunner::config
