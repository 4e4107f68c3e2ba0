#include "runner/trace/phrase_automaton.hpp"

#include "runner/trace/find_bytes.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace corunner {

namespace {

constexpr std::size_t widest_window = 12;
// Looking for so many pairs is faster than leaps that are so short.
constexpr std::size_t most_pairs = 4;
constexpr std::size_t short_window = 8;

}  // namespace

phrase_automaton::phrase_automaton(std::vector<std::string> const& phrases) {
  std::vector<std::string> sorted = phrases;
  std::ranges::sort(sorted);
  auto const [first, last] = std::ranges::unique(sorted);
  sorted.erase(first, last);
  std::erase(sorted, std::string());

  bytes_.push_back(0);  // the root
  goes_on_.push_back(false);
  for (auto const& phrase : sorted) {
    shortest_ = shortest_ == 0 ? phrase.size() : std::min(shortest_, phrase.size());
    longest_ = std::max(longest_, phrase.size());
    insert(phrase);
  }
  link_failures();
  prepare_look_ahead(sorted);
}

// Phrases come sorted, so the nodes of one phrase that are new follow each other.
void phrase_automaton::insert(std::string_view phrase) {
  std::uint32_t node = 0;
  std::uint32_t depth = 0;
  while (depth < phrase.size()) {
    auto const next = child(node, static_cast<unsigned char>(phrase[depth]));
    if (next == 0) break;
    node = next;
    ++depth;
  }
  if (depth < phrase.size()) runs_.push_back({static_cast<std::uint32_t>(bytes_.size()), depth + 1});
  for (; depth < phrase.size(); ++depth) {
    auto const byte = static_cast<unsigned char>(phrase[depth]);
    auto const added = static_cast<std::uint32_t>(bytes_.size());
    bytes_.push_back(byte);
    goes_on_.push_back(false);
    if (node == 0) {
      first_[byte] = added;
    } else if (added == node + 1) {
      goes_on_[node] = true;
    } else {
      auto const key = std::pair(node, byte);
      auto const place = std::ranges::lower_bound(
          branches_, key, {}, [](branch const& b) { return std::pair(b.node, b.byte); });
      branches_.insert(place, {node, byte, added});
    }
    node = added;
  }
  auto const place = std::ranges::lower_bound(matches_, node, {}, &match::node);
  matches_.insert(place, {node, static_cast<std::uint32_t>(phrase.size())});
}

std::uint32_t phrase_automaton::child(std::uint32_t node, unsigned char byte) const {
  if (node == 0) return first_[byte];
  if (goes_on_[node] && bytes_[node + 1] == byte) return node + 1;
  if (branches_.empty()) return 0;
  auto const found =
      std::ranges::lower_bound(branches_, std::pair(node, byte), {},
                               [](branch const& b) { return std::pair(b.node, b.byte); });
  if (found == branches_.end() || found->node != node || found->byte != byte) return 0;
  return found->child;
}

bool phrase_automaton::has_child(std::uint32_t node) const {
  if (goes_on_[node]) return true;
  auto const found = std::ranges::lower_bound(branches_, node, {}, &branch::node);
  return found != branches_.end() && found->node == node;
}

std::uint32_t phrase_automaton::depth_of(std::uint32_t node) const {
  if (node == 0) return 0;
  auto const after = std::ranges::upper_bound(runs_, node, {}, &run::first);
  auto const& in = *std::prev(after);
  return in.depth + (node - in.first);
}

// Breadth first: a node's failure is known before those of its children.
void phrase_automaton::link_failures() {
  fail_.assign(bytes_.size(), 0);
  std::vector<std::uint32_t> order;
  order.reserve(bytes_.size());
  for (auto const node : first_) {
    if (node != 0) order.push_back(node);
  }
  auto const link = [&](std::uint32_t parent, std::uint32_t node) {
    auto at = fail_[parent];
    auto next = child(at, bytes_[node]);
    while (next == 0 && at != 0) {
      at = fail_[at];
      next = child(at, bytes_[node]);
    }
    fail_[node] = next;
    order.push_back(node);
  };
  for (std::size_t i = 0; i < order.size(); ++i) {
    auto const node = order[i];
    // A phrase that ends inside this one's path: the longest is inherited along failures.
    auto const own = std::ranges::lower_bound(matches_, node, {}, &match::node);
    if (own == matches_.end() || own->node != node) {
      if (auto const length = matched({fail_[node], 0})) {
        matches_.insert(own, {node, static_cast<std::uint32_t>(length)});
      }
    }
    if (goes_on_[node]) link(node, node + 1);
    auto next = std::ranges::lower_bound(branches_, node, {}, &branch::node);
    for (; next != branches_.end() && next->node == node; ++next) link(node, next->child);
  }
}

void phrase_automaton::step(cursor& at, unsigned char byte) const {
  for (;;) {
    if (auto const next = child(at.node, byte)) {
      at.node = next;
      ++at.depth;
      return;
    }
    if (at.node == 0) return;
    at.node = fail_[at.node];
    at.depth = depth_of(at.node);
  }
}

std::size_t phrase_automaton::matched(cursor const& at) const {
  auto const found = std::ranges::lower_bound(matches_, at.node, {}, &match::node);
  return found != matches_.end() && found->node == at.node ? found->length : 0;
}

std::size_t phrase_automaton::open(cursor const& at) const {
  auto node = at.node;
  while (node != 0 && !has_child(node)) node = fail_[node];
  return node == at.node ? at.depth : depth_of(node);
}

std::size_t phrase_automaton::slot(unsigned char first, unsigned char second) const {
  return ((first * 31u) ^ (second * 131u)) & (leap_.size() - 1);
}

void phrase_automaton::prepare_look_ahead(std::vector<std::string> const& phrases) {
  window_ = std::min(shortest_, widest_window);
  if (window_ < 2) return;
  if (window_ < short_window) {
    for (auto const& phrase : phrases) {
      std::array const pair{phrase[0], phrase[1]};
      if (std::ranges::find(pairs_, pair) == pairs_.end()) pairs_.push_back(pair);
    }
    if (pairs_.size() <= most_pairs) return;
    pairs_.clear();
  }
  auto const pairs = phrases.size() * (window_ - 1);
  leap_.assign(std::bit_ceil(std::clamp<std::size_t>(pairs * 8, 256, 32768)),
               static_cast<unsigned char>(window_ - 1));
  for (auto const& phrase : phrases) {
    for (std::size_t i = 0; i + 1 < window_; ++i) {
      auto& leap = leap_[slot(static_cast<unsigned char>(phrase[i]),
                              static_cast<unsigned char>(phrase[i + 1]))];
      leap = std::min(leap, static_cast<unsigned char>(window_ - 2 - i));
    }
  }
}

bool phrase_automaton::may_begin(char const* at) const {
  auto const node = first_[static_cast<unsigned char>(at[0])];
  return node != 0 && child(node, static_cast<unsigned char>(at[1])) != 0;
}

std::size_t phrase_automaton::next_candidate(std::string_view bytes, std::size_t from) const {
  if (empty()) return bytes.size();
  auto const* const data = bytes.data();
  if (window_ < 2) {
    while (from < bytes.size() && first_[static_cast<unsigned char>(data[from])] == 0) ++from;
    return from;
  }
  if (!pairs_.empty()) return find_pair(bytes, from, pairs_);
  while (from + window_ <= bytes.size()) {
    // The last pair of the window tells where the nearest phrase could begin.
    auto const* const pair = data + from + window_ - 2;
    auto const leap =
        leap_[slot(static_cast<unsigned char>(pair[0]), static_cast<unsigned char>(pair[1]))];
    if (leap == 0) {
      if (may_begin(data + from)) return from;
      ++from;
    } else {
      from += leap;
    }
  }
  return std::min(from, bytes.size());
}

}  // namespace corunner
