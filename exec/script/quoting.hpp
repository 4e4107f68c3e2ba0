#pragma once

#include <string>
#include <string_view>

namespace corunner::exec {

// One word of shell text whose value is exactly `text`, in the ANSI-C form $'...' that bash and
// busybox know (shells.md 4.1). Pure ASCII whatever the input.
std::string quote_ansi_c(std::string_view text);

// The same between double quotes, for every POSIX shell; bytes outside ASCII stay as they are.
//
// Where the reference leaves `;`, `'`, `~`, newlines and others bare this quotes them too (case
// result-posix-escapes-semicolon of the observed jobs: a value must never become a command).
std::string quote_posix(std::string_view text);

// One word for a path in which `$NAME` stays active.
std::string quote_path(std::string_view path);

// Between double quotes with no escaping at all: the shell expands it (shells.md 4.3).
std::string quote_active(std::string_view text);

}  // namespace corunner::exec
