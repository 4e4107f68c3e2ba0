#include "runner/trace/utf8_repair.hpp"

#include "runner/trace/find_bytes.hpp"

#include <algorithm>

namespace corunner {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// What begins at a byte: a sequence of `length` bytes, one that may be completed by more bytes
// (`open`), or neither (length 0).
struct sequence {
  std::size_t length = 0;
  bool open = false;
};

struct lead_row {
  unsigned char first;
  unsigned char last;
  std::size_t length;
  unsigned char second_low;   // the second byte's range excludes overlong forms and surrogates
  unsigned char second_high;
};

// Unicode 15, table 3-7.
constexpr lead_row leads[] = {
    {0x00, 0x7F, 1, 0, 0},       {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF},
    {0xE1, 0xEC, 3, 0x80, 0xBF}, {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF},
    {0xF0, 0xF0, 4, 0x90, 0xBF}, {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

sequence sequence_at(std::string_view bytes) {
  auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  auto const* const row = std::ranges::find_if(
      leads, [&](lead_row const& r) { return byte(0) >= r.first && byte(0) <= r.last; });
  if (row == std::end(leads)) return {};
  auto const seen = std::min(row->length, bytes.size());
  for (std::size_t i = 1; i < seen; ++i) {
    auto const low = i == 1 ? row->second_low : 0x80;
    auto const high = i == 1 ? row->second_high : 0xBF;
    if (byte(i) < low || byte(i) > high) return {};
  }
  if (seen < row->length) return {0, true};
  return {row->length, false};
}

// How much of `bytes` is valid; `open` tells that the rest is the beginning of a sequence.
std::size_t valid_prefix(std::string_view bytes, bool& open) {
  open = false;
  std::size_t at = 0;
  for (;;) {
    at += ascii_prefix(bytes.substr(at));
    if (at == bytes.size()) return at;
    auto const found = sequence_at(bytes.substr(at));
    if (found.length == 0) {
      open = found.open;
      return at;
    }
    at += found.length;
  }
}

}  // namespace

std::string_view utf8_repair::next(std::string_view bytes, std::string& room) {
  std::string joined;
  if (!waiting_.empty()) {
    joined = waiting_;
    joined.append(bytes);
    waiting_.clear();
    bytes = joined;
  }
  bool open = false;
  auto good = valid_prefix(bytes, open);
  if (good == bytes.size() && joined.empty()) return bytes;
  room.clear();
  while (good < bytes.size() && !open) {
    room.append(bytes.substr(0, good));
    room.append(replacement);
    bytes.remove_prefix(good + 1);
    good = valid_prefix(bytes, open);
  }
  room.append(bytes.substr(0, good));
  waiting_ = bytes.substr(good);
  return room;
}

std::string utf8_repair::finish() {
  std::string out;
  for (std::size_t i = 0; i < waiting_.size(); ++i) out.append(replacement);
  waiting_.clear();
  return out;
}

std::size_t utf8_boundary(std::string_view bytes, std::size_t limit) {
  if (limit >= bytes.size()) return bytes.size();
  auto const continues = [&](std::size_t i) {
    return (static_cast<unsigned char>(bytes[i]) & 0xC0) == 0x80;
  };
  while (limit > 0 && continues(limit)) --limit;
  return limit;
}

}  // namespace corunner
