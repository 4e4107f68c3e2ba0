#include "runner/trace/phrase_masker.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace corunner {

std::shared_ptr<phrase_automaton const> compile_phrases(std::vector<std::string> const& values) {
  constexpr std::string_view white = " \t\n\v\f\r";
  std::vector<std::string> trimmed;
  for (std::string_view value : values) {
    auto const begin = std::min(value.find_first_not_of(white), value.size());
    auto const end = value.find_last_not_of(white) + 1;
    if (begin < end) trimmed.emplace_back(value.substr(begin, end - begin));
  }
  return std::make_shared<phrase_automaton const>(trimmed);
}

phrase_masker::phrase_masker(std::shared_ptr<phrase_automaton const> phrases, byte_sink& next)
    : phrases_(std::move(phrases)), next_(next) {}

void phrase_masker::put(std::string_view bytes) {
  if (phrases_->empty()) return next_.put(bytes);
  if (bytes.empty()) return;
  scan(bytes);
  auto const end = base_ + bytes.size();
  release(end - phrases_->open(cursor_), bytes);

  // Keep what was not released for the next write.
  if (emitted_ >= base_) {
    held_.assign(bytes.substr(emitted_ - base_));
  } else {
    held_.append(bytes);
  }
  base_ = end;
}

void phrase_masker::scan(std::string_view bytes) {
  // Where the phrase begins that took us off the root; looking there again would not end.
  std::size_t candidate = bytes.size();
  for (std::size_t i = 0; i < bytes.size();) {
    if (cursor_.node == 0) {
      i = phrases_->next_candidate(bytes, i);
      if (i == bytes.size()) return;
      candidate = i;
    }
    phrases_->step(cursor_, static_cast<unsigned char>(bytes[i]));
    ++i;
    if (phrases_->matched(cursor_) != 0) found(base_ + i);
    // Off the root by one byte only: the look-ahead is faster from there.
    if (cursor_.depth == 1 && i - 1 != candidate && phrases_->open(cursor_) == 1) {
      cursor_ = {};
      --i;
    }
    auto const settled = base_ + i - phrases_->open(cursor_);
    if (!hidden_.empty() && hidden_.front().end <= settled) release(settled, bytes);
  }
}

// Phrases end at the stream's byte `end`. When the longest does not count a shorter one may.
void phrase_masker::found(std::uint64_t end) {
  auto length = phrases_->matched(cursor_);
  while (length != 0) {
    length = phrases_->matched(cursor_, hide({end - length, end - length, end, end}));
  }
}

// 0 when it counts. Else it overlaps one that begins earlier, and is hidden together with that: how
// many of its bytes are behind.
std::size_t phrase_masker::hide(span now) {
  auto at = hidden_.end();
  while (at != hidden_.begin() && std::prev(at)->starts >= now.starts) --at;
  if (at != hidden_.begin() && std::prev(at)->last_end > now.starts) {
    auto const behind = now.end - std::prev(at)->last_end;
    for (auto each = std::prev(at); std::next(each) != hidden_.end(); ++each) {
      each->end = std::next(each)->begin;
    }
    hidden_.back().end = now.end;
    return static_cast<std::size_t>(behind);
  }
  hidden_.erase(at, hidden_.end());
  // Cut, so that each shows as one mark.
  if (!hidden_.empty()) now.begin = std::max(now.begin, hidden_.back().end);
  hidden_.push_back(now);
  return 0;
}

// Lets go of everything before `until`, where no occurrence can begin any more.
void phrase_masker::release(std::uint64_t until, std::string_view bytes) {
  auto next = hidden_.begin();
  for (; next != hidden_.end() && next->end <= until; ++next) {
    emit(emitted_, next->begin, bytes);
    next_.put(mask_text);
    emitted_ = next->end;
  }
  if (next != hidden_.end()) until = std::min(until, next->begin);
  hidden_.erase(hidden_.begin(), next);
  if (until > emitted_) {
    emit(emitted_, until, bytes);
    emitted_ = until;
  }
  // `held_` begins at emitted_ as long as that is before this write.
  if (!held_.empty()) held_.erase(0, held_.size() - std::min<std::uint64_t>(
                                         held_.size(), base_ > emitted_ ? base_ - emitted_ : 0));
}

void phrase_masker::emit(std::uint64_t from, std::uint64_t to, std::string_view bytes) {
  if (from < base_) {
    auto const stop = std::min(to, base_);
    auto const offset = held_.size() - static_cast<std::size_t>(base_ - from);
    if (stop > from) next_.put(std::string_view(held_).substr(offset, stop - from));
    from = stop;
  }
  if (to > from) next_.put(bytes.substr(from - base_, to - from));
}

void phrase_masker::finish() {
  release(base_, {});
  cursor_ = {};
}

void phrase_masker::replace(std::shared_ptr<phrase_automaton const> phrases) {
  auto const again = std::exchange(held_, {});
  phrases_ = std::move(phrases);
  cursor_ = {};
  hidden_.clear();
  base_ = emitted_;
  put(again);
}

}  // namespace corunner
