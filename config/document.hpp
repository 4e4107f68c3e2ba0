#pragma once

#include "config/failure.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::config {

struct entry;

// A TOML value, in the order of the file: what lies between the text and the structs of config.hpp.
struct node {
  enum class kind { string, integer, real, boolean, datetime, array, table };

  kind is = kind::table;
  std::string text;           // string; datetime: as in the file
  std::int64_t integer = 0;
  double real = 0;
  bool boolean = false;
  std::chrono::system_clock::time_point when;  // datetime with an offset
  std::vector<node> items;    // array
  std::vector<entry> entries; // table
  int line = 0;               // where it (as an entry: its key) was read; 0: nowhere
  int column = 0;

  bool operator==(node const&) const;

  static node of(std::string_view value);
  static node of(std::int64_t value);
  static node of(double value);
  static node of(bool value);
  static node of(std::chrono::system_clock::time_point value);
};

struct entry {
  std::string key;
  node value;

  bool operator==(entry const&) const = default;
};

// Reads TOML; the first line of `text` is the line `first_line` of the file. Failure:
// "toml: line N (last key "a.b"): ..." (the key only where it is known).
outcome<node> parse_toml(std::string_view text, int first_line = 1);

// A value as it stands behind a key: lists in brackets, tables in braces. What is no datetime and
// no table is JSON, too.
std::string write_value(node const& value);

// Writes a table as GitLab Runner lays out its file (config.md 5.2): per table first the plain
// keys, then the sub-tables, each in the order given; two spaces a level; an empty line before a
// top-level table and before each [[table]].
std::string write_toml(node const& table);

}  // namespace corunner::config
