#pragma once

#include "net/http_client.hpp"

#include <string>
#include <string_view>

namespace corunner {

// "400 Bad Request", with the server's own reason when it sent one.
std::string status_line(net::http_response const& answer);

// What a log says of an answer: the status line, or, when it is a failure with a JSON or XML body,
// what that says: "POST http://h/api: 400 Bad Request (file: is bad)" (protocol.md 1.3).
std::string reply_text(std::string_view method, net::http_response const& answer,
                       std::string_view body);

}  // namespace corunner
