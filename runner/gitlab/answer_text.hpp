#pragma once

#include "net/http_message.hpp"
#include "net/url.hpp"

#include <boost/json/fwd.hpp>

#include <string>
#include <string_view>

namespace corunner::gitlab {

// What a log says of an answer: "POST https://h/api/v4/runners: 403 Forbidden (message)", with the
// message of a JSON body. The URL is shown without credentials and query (protocol.md 1.3).
std::string answer_text(std::string_view method, net::url const& target, int status,
                        std::string_view content_type, std::string_view body);

// The same for a call that had no answer.
std::string transport_text(std::string_view method, net::url const& target,
                           std::string_view reason);

// What stands behind "message": a text as it is, {"field": ["a", "b"]} as "field: a; b".
std::string message_of(boost::json::value const& message);

// "application/json" of "Application/JSON; charset=utf-8"
std::string media_type(std::string_view content_type);

}  // namespace corunner::gitlab
