#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace corunner::exec {

// "open /a/b: permission denied": what was done, to what, and what errno says.
std::string system_message(std::string const& what, std::string const& path, int error);

// A regular file that is read by several threads at once, by offset.
class input_file {
 public:
  // Follows links. On failure `failure` says why; a directory is "read x: is a directory". `shown`
  // is how the path is called in messages.
  static std::optional<input_file> open(std::string const& path, std::string const& shown,
                                        std::string& failure);
  input_file(input_file&& other) noexcept;
  input_file& operator=(input_file&& other) noexcept;
  ~input_file();

  std::uint64_t size() const { return size_; }  // when it was opened
  std::int64_t modified() const { return modified_; }

  // Up to `length` bytes at `offset`; fewer only at the end. Nothing on failure.
  std::optional<std::string> read(std::uint64_t offset, std::size_t length,
                                  std::string& failure) const;

 private:
  input_file(int descriptor, std::string shown)
      : descriptor_(descriptor), shown_(std::move(shown)) {}
  int descriptor_;
  std::string shown_;
  std::uint64_t size_ = 0;
  std::int64_t modified_ = 0;
};

}  // namespace corunner::exec
