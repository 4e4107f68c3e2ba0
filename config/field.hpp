#pragma once

#include "config/config.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace corunner::config {

// Points at a value that the user can give: by a key, a variable or a flag. The pointed-to type
// decides the syntax; optionals tell "not given" from false or 0.
using field =
    std::variant<std::string*, boxed_text*, std::optional<std::string>*, secret*, std::int64_t*,
                 std::optional<std::int64_t>*, double*, bool*, std::optional<bool>*, duration*,
                 std::optional<duration>*, std::optional<timestamp>*, std::vector<std::string>*,
                 std::vector<std::int64_t>*, std::vector<double>*, one_or_more*, string_map*,
                 boxed<string_map>*, flag_map*, boxed<flag_map>*, number_map*, list_map*,
                 free_table*>;

// True for bool: a flag of it stands alone, without a value.
bool is_switch(field const& target);

// True for lists and maps: giving one again adds to it.
bool is_repeatable(field const& target);

// Puts `text`, from a flag or a variable, where `target` points: lists get one more element, maps
// one more "key:value" (or all of a JSON object); a free table takes no text. The failure is the
// cause alone, in Go's words.
std::optional<failure> set_from_text(field const& target, std::string_view text);

// What help shows as the default: numbers always, texts when not empty, else nothing.
std::string default_text(field const& target);

// 1 t T TRUE true True 0 f F FALSE false False.
std::optional<bool> parse_bool(std::string_view text);

// RFC 3339 in UTC with the fraction it has; nothing is 0001-01-01T00:00:00Z.
std::string format_timestamp(std::optional<timestamp> const& when);
// The reverse; nothing for other text. The year 1 and earlier: an engaged optional of nothing.
std::optional<std::optional<timestamp>> parse_timestamp(std::string_view text);

}  // namespace corunner::config
