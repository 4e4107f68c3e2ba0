#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::exec {

// Where the stored bytes of a file with holes belong.
struct tar_sparse_map {
  struct extent {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;

    bool operator==(extent const&) const = default;
  };
  std::vector<extent> extents;  // one behind the other
  std::uint64_t size = 0;       // of the file, its holes counted
};

// Collects such a map from a tar: GNU's old header of type 'S', and its formats 0.0, 0.1 and 1.0 in
// pax records (GNU tar's manual, "Storing Sparse Files"). bsdtar writes the last of them unasked.
//
// Usage: begin with one of the two functions; while more(), take() the blocks that follow; then
// finish(). Each returns false for a map that cannot be. Memory is bounded.
class tar_sparse_reader {
 public:
  using pax_records = std::map<std::string, std::string, std::less<>>;

  static bool is_told_by(pax_records const& records);
  bool begin(pax_records const& records);
  bool begin_old(std::string_view header_block);

  bool more() const { return more_; }
  bool counts_as_content() const { return !old_; }  // what take() is given
  bool take(std::string_view block);

  // `stored` is the length of the content that follows.
  bool finish(std::uint64_t stored, tar_sparse_map& into);

 private:
  bool take_old(std::string_view extents, std::size_t count, char goes_on);
  bool take_numbers(std::string_view text, char separator);
  bool add(std::uint64_t offset, std::uint64_t length);

  bool more_ = false;
  bool old_ = false;
  std::string text_;  // of a map in the content
  tar_sparse_map map_;
};

}  // namespace corunner::exec
