#pragma once

#include "config/failure.hpp"
#include "config/secret.hpp"
#include "runner/command/runners/operation.hpp"
#include "runner/gitlab/management.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace corunner {

// What a person gave to an operation of `corunner runners`.
struct given {
  bool all = false;
  bool instance = false;
  std::string project;  // number or full path; "": none
  std::string group;
  secret runner_token;
  std::vector<std::int64_t> runners;
  std::vector<std::pair<parameter const*, boost::json::value>> values;
};

// Puts the text of a flag to the values; the failure is the cause alone.
std::optional<config::failure> take_value(given& into, parameter const& what,
                                          std::string_view text);

// The same for the parameter of `of` that sets `field` of the API.
std::optional<config::failure> take_field(given& into, operation const& of, std::string_view field,
                                          std::string_view text);

// The numbers of runners among the arguments.
config::outcome<std::vector<std::int64_t>> runner_numbers(
    std::vector<std::string> const& arguments);

// The way of the operation that fits what was given, or what is missing or too much.
config::outcome<route const*> choose_route(operation const& what, given const& by);

// The place of ":project" or ":group" in the body takes a number. The path of the call that finds
// it, when a full path was given; empty: none is needed.
std::string number_lookup(route const& way, given const& by);

// Puts the number that was found there.
void put_number(route const& way, given& by, std::int64_t number);

// The call, once for each runner given (or once where none is needed); without access token.
std::vector<gitlab::management_call> plan_calls(operation const& what, route const& way,
                                                given const& by);

}  // namespace corunner
