#pragma once

#include <string>
#include <string_view>

namespace corunner::gitlab {

// What may be shown of a runner token in logs, labels, directory and container names: the kind's
// prefix is dropped and nine bytes are kept (job-lifecycle.md 12, protocol.md 1.11).
std::string short_token(std::string_view token);

// Tokens made in the user interface or by the API ("glrt-..."); all others are legacy.
bool is_authentication_token(std::string_view token);

}  // namespace corunner::gitlab
