#pragma once

#include "config/failure.hpp"
#include "config/secret.hpp"
#include "net/asio.hpp"
#include "runner/command/questions.hpp"

#include <string>
#include <string_view>

namespace corunner {

// Whether a text that was meant as something else is a token: nobody should see more of it, not
// even who put it in the wrong place.
bool looks_like_token(std::string_view text);

// The token in `file`, so that none stands on a command line where everybody sees it; "-" is a line
// of standard input (asked for, and not shown, at a terminal). White space around it is dropped.
// The failure never shows what it found.
awaitable<config::outcome<secret>> read_token(std::string file, questions& input);

// Puts the token of `file` into `token`, unless no file was named. Both is a mistake, of which
// `flag` ("token") tells. The failure's text, or nothing.
awaitable<std::string> complete_token(secret& token, std::string file, std::string flag,
                                      questions& input);

}  // namespace corunner
