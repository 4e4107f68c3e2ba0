#include "runner/trace/phrase_automaton.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace corunner {

namespace {

std::vector<std::string> sorted(std::vector<std::string> phrases) {
  std::ranges::sort(phrases);
  auto const [first, last] = std::ranges::unique(phrases);
  phrases.erase(first, last);
  std::erase(phrases, std::string());
  return phrases;
}

}  // namespace

phrase_automaton::phrase_automaton(std::vector<std::string> const& phrases)
    : look_ahead_(sorted(phrases)) {
  bytes_.push_back(0);  // the root
  goes_on_.push_back(false);
  for (auto const& phrase : sorted(phrases)) {
    longest_ = std::max(longest_, phrase.size());
    insert(phrase);
  }
  link_failures();
  bytes_.shrink_to_fit();
  goes_on_.shrink_to_fit();
  branches_.shrink_to_fit();
  runs_.shrink_to_fit();
}

// Phrases come sorted, so the nodes of one phrase that are new follow each other, and each ends at
// a node that is new.
void phrase_automaton::insert(std::string_view phrase) {
  std::uint32_t node = 0;
  std::uint32_t depth = 0;
  while (depth < phrase.size()) {
    auto const next = child(node, static_cast<unsigned char>(phrase[depth]));
    if (next == 0) break;
    node = next;
    ++depth;
  }
  runs_.push_back({static_cast<std::uint32_t>(bytes_.size()), depth + 1});
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
  matches_.push_back({node, static_cast<std::uint32_t>(phrase.size())});
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
  std::vector<std::uint32_t> failures(bytes_.size());
  std::vector<std::uint32_t> order;
  order.reserve(bytes_.size());
  for (auto const node : first_) {
    if (node != 0) order.push_back(node);
  }
  auto const link = [&](std::uint32_t parent, std::uint32_t node) {
    auto at = failures[parent];
    auto next = child(at, bytes_[node]);
    while (next == 0 && at != 0) {
      at = failures[at];
      next = child(at, bytes_[node]);
    }
    failures[node] = next;
    order.push_back(node);
  };
  for (std::size_t i = 0; i < order.size(); ++i) {
    auto const node = order[i];
    if (goes_on_[node]) link(node, node + 1);
    auto next = std::ranges::lower_bound(branches_, node, {}, &branch::node);
    for (; next != branches_.end() && next->node == node; ++next) link(node, next->child);
  }
  inherit_matches(order, failures);
  keep_failures(failures);
}

// A phrase may end inside another's path: the longest is inherited along failures.
void phrase_automaton::inherit_matches(std::vector<std::uint32_t> const& breadth_first,
                                       std::vector<std::uint32_t> const& failures) {
  std::vector<std::uint32_t> length(bytes_.size());
  for (auto const& own : matches_) length[own.node] = own.length;
  for (auto const node : breadth_first) {
    if (length[node] == 0) length[node] = length[failures[node]];
  }
  matches_.clear();
  ends_.resize(bytes_.size());
  for (std::uint32_t node = 0; node < length.size(); ++node) {
    if (length[node] == 0) continue;
    ends_[node] = true;
    matches_.push_back({node, length[node]});
  }
  matches_.shrink_to_fit();
}

// To the root's child by the same byte, or, from such a child, to the root.
std::uint32_t phrase_automaton::shallow_failure(std::uint32_t node) const {
  auto const to = first_[bytes_[node]];
  return to == node ? 0 : to;
}

void phrase_automaton::keep_failures(std::vector<std::uint32_t> const& failures) {
  std::uint32_t expected = 0;  // where the node fails to if the last entry tells of it, too
  for (std::uint32_t node = 0; node < failures.size(); ++node) {
    auto const to = failures[node] == shallow_failure(node) ? 0 : failures[node];
    if (to != expected || failures_.empty()) failures_.push_back({node, to});
    expected = to == 0 ? 0 : to + 1;
  }
  failures_.shrink_to_fit();
}

std::uint32_t phrase_automaton::failure_of(std::uint32_t node) const {
  auto const after = std::ranges::upper_bound(failures_, node, {}, &failure::first);
  auto const& in = *std::prev(after);
  return in.to == 0 ? shallow_failure(node) : in.to + (node - in.first);
}

void phrase_automaton::step(cursor& at, unsigned char byte) const {
  for (;;) {
    if (auto const next = child(at.node, byte)) {
      at.node = next;
      ++at.depth;
      return;
    }
    if (at.node == 0) return;
    at.node = failure_of(at.node);
    at.depth = depth_of(at.node);
  }
}

std::size_t phrase_automaton::matched(cursor const& at) const {
  if (!ends_[at.node]) return 0;
  return std::ranges::lower_bound(matches_, at.node, {}, &match::node)->length;
}

std::size_t phrase_automaton::matched(cursor const& at, std::size_t most) const {
  if (most == 0) return 0;
  auto here = at;
  auto length = matched(here);
  while (length > most) {
    while (here.depth >= length) {
      here.node = failure_of(here.node);
      here.depth = depth_of(here.node);
    }
    length = matched(here);
  }
  return length;
}

std::size_t phrase_automaton::open(cursor const& at) const {
  auto node = at.node;
  while (node != 0 && !has_child(node)) node = failure_of(node);
  return node == at.node ? at.depth : depth_of(node);
}

std::size_t phrase_automaton::bytes() const {
  return bytes_.capacity() + (goes_on_.capacity() + ends_.capacity()) / 8 +
         branches_.capacity() * sizeof(branch) + matches_.capacity() * sizeof(match) +
         runs_.capacity() * sizeof(run) + failures_.capacity() * sizeof(failure) +
         look_ahead_.bytes();
}

}  // namespace corunner
