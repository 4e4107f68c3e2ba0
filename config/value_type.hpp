#pragma once

#include "config/field.hpp"

#include <string_view>

namespace corunner::config {

// What a key takes, for people and for a JSON schema.
struct value_type {
  std::string_view word;    // "text", "list of texts"
  std::string_view schema;  // members of a JSON schema: "type": "string"
};
value_type type_of(field const& value);

}  // namespace corunner::config
