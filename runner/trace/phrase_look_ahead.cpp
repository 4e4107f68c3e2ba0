#include "runner/trace/phrase_look_ahead.hpp"

#include "runner/trace/find_bytes.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace corunner {

namespace {

constexpr std::size_t width = 3;  // bytes that are looked at together
constexpr std::size_t widest_window = 12;
// Looking for so many pairs is faster than leaps that are so short.
constexpr std::size_t most_pairs = 4;
constexpr std::size_t short_window = 8;
// With so much room three bytes are seldom taken for others.
constexpr std::size_t places_per_entry = 8;
constexpr std::size_t fewest_places = 256;
constexpr std::size_t most_places = 65536;

std::uint32_t number_of(char const* three) {
  auto const byte = [&](std::size_t i) -> std::uint32_t {
    return static_cast<unsigned char>(three[i]);
  };
  return byte(0) | byte(1) << 8 | byte(2) << 16;
}

}  // namespace

phrase_look_ahead::phrase_look_ahead(std::vector<std::string> const& phrases) {
  window_ = phrases.empty() ? 0 : widest_window;
  for (auto const& phrase : phrases) {
    first_.set(static_cast<unsigned char>(phrase.front()));
    window_ = std::min(window_, phrase.size());
  }
  if (window_ >= 2 && window_ < short_window) {
    for (auto const& phrase : phrases) {
      std::array const pair{phrase[0], phrase[1]};
      if (std::ranges::find(pairs_, pair) == pairs_.end()) pairs_.push_back(pair);
      if (pairs_.size() > most_pairs) break;
    }
    if (pairs_.size() <= most_pairs) return;
    pairs_ = {};
  }
  if (window_ >= width) prepare_leaps(phrases);
}

void phrase_look_ahead::prepare_leaps(std::vector<std::string> const& phrases) {
  struct entry {
    std::uint32_t three;
    std::uint32_t leap;
    auto operator<=>(entry const&) const = default;
  };
  std::vector<entry> entries;
  for (auto const& phrase : phrases) {
    for (std::size_t i = 0; i + width <= window_; ++i) {
      entries.push_back({number_of(&phrase[i]), static_cast<std::uint32_t>(window_ - width - i)});
    }
  }
  std::ranges::sort(entries);
  auto const [first, last] = std::ranges::unique(entries, {}, &entry::three);
  entries.erase(first, last);

  auto const places = std::bit_ceil(
      std::clamp(entries.size() * places_per_entry, fewest_places, most_places));
  shift_ = 32 - static_cast<unsigned>(std::countr_zero(places));
  leap_.assign(places, static_cast<unsigned char>(window_ - width + 1));
  for (auto const& each : entries) {
    char const three[]{static_cast<char>(each.three), static_cast<char>(each.three >> 8),
                       static_cast<char>(each.three >> 16)};
    auto& leap = leap_[slot(three)];
    leap = std::min(leap, static_cast<unsigned char>(each.leap));
  }
}

std::size_t phrase_look_ahead::slot(char const* three) const {
  return number_of(three) * 0x9e3779b1u >> shift_;
}

std::size_t phrase_look_ahead::next_candidate(std::string_view bytes, std::size_t from) const {
  if (window_ == 0) return bytes.size();
  auto const* const data = bytes.data();
  if (!pairs_.empty()) return find_pair(bytes, from, pairs_);
  if (leap_.empty()) {
    while (from < bytes.size() && !first_[static_cast<unsigned char>(data[from])]) ++from;
    return from;
  }
  // The end of a window tells where the nearest phrase could begin. Most say that none does, so
  // several are looked at together: one alone would wait for the one before.
  auto const most = window_ - width + 1;
  auto const* const table = leap_.data();
  auto const leap_at = [&](std::size_t at) -> std::size_t {
    return table[slot(data + at + window_ - width)];
  };
  while (from + window_ <= bytes.size()) {
    if (from + window_ + 3 * most <= bytes.size() && leap_at(from) + leap_at(from + most) +
                                                             leap_at(from + 2 * most) +
                                                             leap_at(from + 3 * most) ==
                                                         4 * most) {
      from += 4 * most;
      continue;
    }
    auto const leap = leap_at(from);
    if (leap == 0 && first_[static_cast<unsigned char>(data[from])]) return from;
    from += leap == 0 ? 1 : leap;
  }
  return std::min(from, bytes.size());
}

}  // namespace corunner
