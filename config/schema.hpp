#pragma once

#include <string>

namespace corunner::config {

// A JSON schema (draft 2020-12) of the file, made of the declared keys, for editors. It is stricter
// than the program in one thing: names of keys are taken only as they are written here, not in any
// case.
std::string json_schema();

}  // namespace corunner::config
