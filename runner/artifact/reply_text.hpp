#pragma once

#include "net/http_client.hpp"

#include <string>
#include <string_view>

namespace corunner {

// "400 Bad Request", with the server's own reason when it sent one.
std::string status_line(net::http_response const& answer);

// What a log says of an answer: the status line; of a failure also what its body says: JSON of
// GitLab "POST http://h/api: 400 Bad Request (file: is bad)" (protocol.md 1.3), XML of an object
// store "403 Forbidden (AccessDenied: Request has expired)".
std::string reply_text(std::string_view method, net::http_response const& answer,
                       std::string_view body);

// The text of the first element of that name, empty when there is none.
std::string_view xml_element(std::string_view xml, std::string_view name);

}  // namespace corunner
