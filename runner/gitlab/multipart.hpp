#pragma once

#include "net/http_message.hpp"

#include <string>
#include <string_view>

namespace corunner::gitlab {

// A multipart/form-data body with one file, sent as it is produced: `content` is opened anew for
// every attempt, the boundary stays. The length is known when that of `content` is.
struct multipart_file {
  std::string content_type;  // of the whole body, with the boundary
  net::http_body body;
};

multipart_file multipart_of(std::string_view field, std::string_view file_name,
                            net::http_body content);

}  // namespace corunner::gitlab
