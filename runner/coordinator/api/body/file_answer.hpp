#pragma once

#include "net/blocking_pool.hpp"
#include "net/http_server.hpp"

#include <filesystem>
#include <string>

namespace corunner::coordinator {

struct file_answer {
  std::filesystem::path path;
  std::string content_type = "application/octet-stream";
  std::string filename;  // for Content-Disposition; empty: none
  // At most so many bytes of the file, which may be growing; nothing: all that is there.
  std::optional<std::uint64_t> size;
};

// Sends a file, or the part that `Range: bytes=a-b` asks for (206). Read on the pool, a piece at a
// time. 404 when it is not there.
awaitable<void> send_file(net::blocking_pool& pool, net::http_exchange& exchange, file_answer what);

}  // namespace corunner::coordinator
