#pragma once

#include <string>
#include <string_view>

#include "runner/pipeline/yaml/node.hpp"

namespace corunner::pipeline::yaml {

// What a plain (unquoted) scalar means.
struct scalar {
  kind type = kind::string;
  std::string text;      // as Ruby's to_s would print it
  bool is_date = false;  // a date or time: GitLab refuses to load those
};

// Resolves a plain scalar by the YAML 1.1 rules of Ruby's Psych, which is what GitLab reads with:
// `yes` and `on` are booleans, `0777` is octal, `1_000` and `1,000` are integers, `12:30:45` counts
// in base 60 (and `22:22` as hours and minutes, a quirk of Psych), `1.20` loses its zero.
scalar resolve_plain(std::string_view text);

}  // namespace corunner::pipeline::yaml
