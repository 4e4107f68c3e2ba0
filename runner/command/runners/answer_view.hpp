#pragma once

#include "runner/command/runners/operation.hpp"
#include "runner/command/terminal.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace corunner {

// The objects of a list as a table; `width` as in text_table.hpp. Empty for an empty list.
std::string list_text(view shows, std::vector<boost::json::value> const& items,
                      terminal const& screen, std::size_t width);

// All that GitLab says of one runner, a line for each thing.
std::string runner_text(boost::json::object const& runner, terminal const& screen,
                        std::size_t width);

// "12 (docker runner, instance, online)", for questions.
std::string runner_in_short(boost::json::object const& runner);

// "the token is that of runner 12, it expires 2026-01-02 03:04"
std::string verified_text(boost::json::object const& answer);

}  // namespace corunner
