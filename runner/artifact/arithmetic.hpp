#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace corunner {

// The value of a shell's arithmetic expression: whole numbers, names (through `value_of`; empty is
// 0), + - * / %, comparisons, && || !, parentheses. Nothing when it is none, or divides by zero.
std::optional<std::int64_t> evaluate(
    std::string_view expression, std::function<std::string(std::string const&)> const& value_of);

}  // namespace corunner
