#pragma once

#include <string>
#include <string_view>

namespace corunner {

// What an answer looks like in a log line (protocol.md 1.3).
struct reply_head {
  std::string_view method;
  std::string_view url;           // without query
  int status = 0;
  std::string_view reason;        // as the server sent it
  std::string_view content_type;
};

// "400 Bad Request"; the usual reason when the server sent none.
std::string status_line(reply_head const& head);

// The status line, or what a JSON body says: "POST http://...: 400 Bad Request (file: is bad)".
std::string reply_text(reply_head const& head, std::string_view body);

// The same for downloads, where an object store may answer with XML: "403 Forbidden (Code: Message)".
std::string reply_text_with_xml(reply_head const& head, std::string_view body);

}  // namespace corunner
