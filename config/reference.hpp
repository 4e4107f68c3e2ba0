#pragma once

#include <string>

namespace corunner::config {

// A page of all keys in Markdown, made of their declarations: a heading for each table, a row for
// each key with its type, default, environment variable and flag of `register`, and meaning.
std::string reference_page();

}  // namespace corunner::config
