#pragma once

#include <string>
#include <string_view>

namespace corunner::exec {

// One PowerShell string whose value is exactly `text`, on one line (shells.md 4.5). In double
// quotes: within single ones four kinds of quote would need doubling, and no line break could be
// named.
std::string quote_powershell(std::string_view text);

// The same with `$NAME` and `$(...)` left active: "$PWD/builds".
std::string quote_powershell_active(std::string_view text);

// What `-EncodedCommand` takes: base64 of UTF-16 with the low byte first.
std::string powershell_encoded(std::string_view script);

}  // namespace corunner::exec
