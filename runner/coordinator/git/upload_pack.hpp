#pragma once

#include "net/http_server.hpp"

#include <string>

namespace corunner::coordinator {

struct context;

struct upload_pack_request {
  std::string git_dir;
  std::string protocol;        // of the header Git-Protocol, "version=2"
  bool advertisement = false;  // what there is; else `body` asks for something
  std::string body;
};

// Answers with what `git upload-pack` says, or said when it was asked the same before. The
// connection is dropped when git fails after it began: a pack that was cut must not look complete.
awaitable<void> serve_upload_pack(context& in, net::http_exchange& exchange,
                                  upload_pack_request request);

}  // namespace corunner::coordinator
