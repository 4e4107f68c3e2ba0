#pragma once

#include "runner/observe/log.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace corunner {

// What one attempt to upload came to.
enum class upload_result {
  stored,       // 201
  forbidden,    // 403: final
  too_large,    // 413: final
  unavailable,  // 503: worth more attempts than the rest
  refused,      // any other answer
  broken,       // no answer: the network, or an archive that could not be made
};

upload_result result_of(int status);

// How loud an answer is logged.
log_level level_of(int status);

// What the last line says when it was the last attempt; empty for `broken`, which has its own
// words.
std::string_view final_words(upload_result how);

// The pause before attempt number `tries` + 1, when there is one (protocol.md 6.1).
std::optional<std::chrono::milliseconds> next_upload(upload_result how, int tries);

// The name that the server shall give the file: the last component of `name` with the ending of the
// format.
std::string upload_name(std::string_view name, std::string_view format);

}  // namespace corunner
