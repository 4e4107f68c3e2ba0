#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>

namespace corunner::test {

// What a random tree may hold besides what every program can keep.
struct tree_habits {
  bool raw_names = true;    // bytes that are no UTF-8, control characters, accents of their own
  bool long_names = true;   // beyond the 100 and 256 bytes that a tar header has room for
  bool far_times = true;    // outside of 1982 to 2030, up to the fields' ends and beyond
  bool old_times = true;    // among those: before 1970
  bool large_files = true;  // beyond the size from which a file is packed in parts, some with holes
};

// Makes a directory `root` of random files, directories and links: names with blanks, quotes,
// leading dashes, newlines, any bytes; contents empty, dense, repetitive, mixed; links to what is
// there, to what is not, to themselves; modes that leave the owner the right to read; times in
// nanoseconds. The same numbers make the same tree.
void grow_tree(std::string const& root, std::mt19937& random, tree_habits habits = {});

// How a time arrives.
enum class kept_time { exactly, cut_to_seconds, rounded_to_seconds, not_at_all };

// A tree as a comparable value: by (escaped) path, kind, mode, time, and checksum or target.
using tree_view = std::map<std::string, std::string>;
struct view_rules {
  kept_time time = kept_time::exactly;
  kept_time link_time = kept_time::exactly;
  unsigned modes = 07777;
};
tree_view view_tree(std::string const& root, view_rules rules = {});

// The first entries in which they differ, for people; empty when they are the same.
std::string difference(tree_view const& expected, tree_view const& found);

}  // namespace corunner::test
