#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// Finds any of many phrases in a stream of bytes: an Aho-Corasick automaton, whose memory of the
// past is one small cursor, with a look-ahead that leaps over what no phrase can begin in
// (Wu and Manber, 1994), or looks for the few pairs of bytes that phrases begin with.
//
// It does not change once it is made, so several streams share one. About 6 bytes per byte of a
// phrase, because most nodes have one child, and that is the next node.
class phrase_automaton {
 public:
  // Empty phrases are ignored, order and repetition do not matter.
  explicit phrase_automaton(std::vector<std::string> const& phrases);

  // What has been seen of a phrase: the longest end of the stream that some phrase begins with.
  struct cursor {
    std::uint32_t node = 0;
    std::uint32_t depth = 0;  // in bytes
  };

  bool empty() const { return shortest_ == 0; }
  std::size_t longest() const { return longest_; }

  void step(cursor& at, unsigned char byte) const;

  // Length of the longest phrase that ends at the cursor; 0 for none.
  std::size_t matched(cursor const& at) const;
  // How many of the last bytes may still become part of a phrase that is not complete.
  std::size_t open(cursor const& at) const;

  // With nothing seen so far: the first position from `from` on where a phrase may begin, or where
  // there are too few bytes left to tell. At most bytes.size().
  std::size_t next_candidate(std::string_view bytes, std::size_t from) const;

 private:
  struct branch {
    std::uint32_t node;
    unsigned char byte;
    std::uint32_t child;
  };
  struct match {
    std::uint32_t node;
    std::uint32_t length;
  };
  struct run {  // nodes that follow each other: depth grows by one
    std::uint32_t first;
    std::uint32_t depth;
  };

  void insert(std::string_view phrase);
  void link_failures();
  void prepare_look_ahead(std::vector<std::string> const& phrases);
  std::uint32_t child(std::uint32_t node, unsigned char byte) const;
  bool has_child(std::uint32_t node) const;
  std::uint32_t depth_of(std::uint32_t node) const;
  bool may_begin(char const* at) const;
  std::size_t slot(unsigned char first, unsigned char second) const;

  std::array<std::uint32_t, 256> first_{};  // the root's children
  std::vector<unsigned char> bytes_;        // per node: the byte that leads to it
  std::vector<std::uint32_t> fail_;
  std::vector<bool> goes_on_;               // the next node is a child
  std::vector<branch> branches_;            // every other edge, sorted
  std::vector<match> matches_;              // nodes where a phrase ends, with the longest; sorted
  std::vector<run> runs_;
  std::vector<std::array<char, 2>> pairs_;  // what phrases begin with, when there are few
  std::vector<unsigned char> leap_;         // else per pair of bytes: how far no phrase can begin
  std::size_t shortest_ = 0;
  std::size_t longest_ = 0;
  std::size_t window_ = 0;                  // bytes of each phrase that leap_ knows
};

}  // namespace corunner
