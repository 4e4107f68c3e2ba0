#pragma once

#include "runner/trace/phrase_look_ahead.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// Finds any of many phrases in a stream of bytes: an Aho-Corasick automaton, whose memory of the
// past is one small cursor, with a look-ahead that leaps over what no phrase can begin in.
//
// It does not change once it is made, so several streams share one. Most nodes have one child,
// which is the next node, and fail to the root or to a child of it: about 1.3 bytes per byte of a
// phrase, some 30 per phrase, 1 KiB for the first bytes, and the look-ahead.
class phrase_automaton {
 public:
  // Empty phrases are ignored, order and repetition do not matter.
  explicit phrase_automaton(std::vector<std::string> const& phrases);

  // What has been seen of a phrase: the longest end of the stream that some phrase begins with.
  struct cursor {
    std::uint32_t node = 0;
    std::uint32_t depth = 0;  // in bytes
  };

  bool empty() const { return longest_ == 0; }
  std::size_t longest() const { return longest_; }
  // What it holds in memory, beside itself.
  std::size_t bytes() const;

  void step(cursor& at, unsigned char byte) const;

  // Length of the longest phrase that ends at the cursor; 0 for none.
  std::size_t matched(cursor const& at) const;
  // The same of those that have at most `most` bytes.
  std::size_t matched(cursor const& at, std::size_t most) const;
  // How many of the last bytes may still become part of a phrase that is not complete.
  std::size_t open(cursor const& at) const;

  // With nothing seen so far: the first position from `from` on where a phrase may begin, or where
  // there are too few bytes left to tell. At most bytes.size().
  std::size_t next_candidate(std::string_view bytes, std::size_t from) const {
    return look_ahead_.next_candidate(bytes, from);
  }

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
  struct failure {  // of nodes that follow each other, to nodes that do; to 0: see shallow_failure
    std::uint32_t first;
    std::uint32_t to;
  };

  void insert(std::string_view phrase);
  void link_failures();
  void inherit_matches(std::vector<std::uint32_t> const& breadth_first,
                       std::vector<std::uint32_t> const& failures);
  void keep_failures(std::vector<std::uint32_t> const& failures);
  std::uint32_t shallow_failure(std::uint32_t node) const;
  std::uint32_t failure_of(std::uint32_t node) const;
  std::uint32_t child(std::uint32_t node, unsigned char byte) const;
  bool has_child(std::uint32_t node) const;
  std::uint32_t depth_of(std::uint32_t node) const;

  std::array<std::uint32_t, 256> first_{};  // the root's children
  std::vector<unsigned char> bytes_;        // per node: the byte that leads to it
  std::vector<bool> goes_on_;               // per node: the next one is a child
  std::vector<bool> ends_;                  // per node: a phrase ends there
  std::vector<branch> branches_;            // every other edge, sorted
  std::vector<match> matches_;              // nodes where a phrase ends, with the longest; sorted
  std::vector<run> runs_;                   // sorted
  std::vector<failure> failures_;           // sorted
  std::size_t longest_ = 0;
  phrase_look_ahead look_ahead_;
};

}  // namespace corunner
