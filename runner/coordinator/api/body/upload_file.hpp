#pragma once

#include "net/blocking_pool.hpp"
#include "runner/coordinator/token.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace corunner::coordinator {

// A file that is being received: bytes are written and hashed on the pool, in the order of the
// calls. It has a temporary name until keep(); otherwise it goes with the object.
class upload_file {
 public:
  upload_file(net::blocking_pool& pool, std::filesystem::path directory);
  ~upload_file();
  upload_file(upload_file const&) = delete;

  awaitable<error_code> write(std::string bytes);
  std::uint64_t size() const { return size_; }
  // Closes it; its SHA-256.
  std::string digest();
  // Gives it its final name.
  error_code keep(std::filesystem::path const& as);
  std::filesystem::path const& path() const { return path_; }

 private:
  error_code store(std::string_view bytes);

  net::blocking_pool& pool_;
  std::filesystem::path path_;
  int file_ = -1;
  error_code failed_;
  std::uint64_t size_ = 0;
  sha256_stream digest_;
};

}  // namespace corunner::coordinator
