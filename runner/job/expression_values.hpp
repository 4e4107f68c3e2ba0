#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace corunner {

// As str() gives it: true, 3, text as it is, <null>, lists and objects as JSON.
std::string as_text(boost::json::value const& value);

// What operators of expressions do to values; nothing where they have no meaning.

bool is_true(boost::json::value const& value);

// Below, equal to or above 0. Values of different kinds are never equal.
int compare(boost::json::value const& left, boost::json::value const& right);

// + - * / % on numbers, + on texts too.
std::optional<boost::json::value> calculate(char op, boost::json::value const& left,
                                            boost::json::value const& right);

std::optional<double> as_number(boost::json::value const& value);

// "3.14" as a number.
std::optional<double> parse_number(std::string_view text);

}  // namespace corunner
