#include "runner/helper/output_mask.hpp"

#include "runner/trace/encoded_forms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace corunner {
namespace {

constexpr std::string_view mark = "::add-mask::";
constexpr std::string_view blanks = " \t";

// What an announcement looks like so far.
enum class likeness { none, perhaps, announcement };
likeness looks(std::string_view line) {
  auto const begin = line.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return likeness::perhaps;
  line.remove_prefix(begin);
  if (line.starts_with(mark)) return likeness::announcement;
  return mark.starts_with(line) ? likeness::perhaps : likeness::none;
}

std::string decoded(std::string_view value) {
  constexpr std::array<std::pair<std::string_view, char>, 3> escapes{
      {{"%25", '%'}, {"%0D", '\r'}, {"%0A", '\n'}}};
  std::string out;
  while (!value.empty()) {
    auto const known = std::ranges::find_if(
        escapes, [&](auto const& each) { return value.starts_with(each.first); });
    out += known == escapes.end() ? value.front() : known->second;
    value.remove_prefix(known == escapes.end() ? 1 : known->first.size());
  }
  return out;
}

}  // namespace

masked_values::masked_values() : compiled_(compile_phrases({})) {}

bool masked_values::add(std::string_view value) {
  bool const is_new = values_.emplace(value).second;
  stale_ = stale_ || is_new;
  return is_new;
}

std::shared_ptr<phrase_automaton const> masked_values::phrases() {
  if (std::exchange(stale_, false)) {
    compiled_ = compile_phrases(with_encoded_forms({values_.begin(), values_.end()}));
  }
  return compiled_;
}

output_mask::output_mask(masked_values& values, byte_sink& next, announcement announced)
    : values_(values),
      announced_(std::move(announced)),
      phrases_(values.phrases()),
      masker_(phrases_, next) {}

void output_mask::pass(std::string_view bytes) {
  if (auto now = values_.phrases(); now != phrases_) {
    phrases_ = std::move(now);
    masker_.replace(phrases_);
  }
  masker_.put(bytes);
}

void output_mask::put(std::string_view bytes) {
  while (!bytes.empty()) {
    if (where_ == place::line_start) {
      bytes.remove_prefix(take_line_start(bytes));
      continue;
    }
    if (where_ == place::in_endless_announcement) {
      auto const end = bytes.find('\n');
      bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
      if (end != std::string_view::npos) where_ = place::line_start;
      continue;
    }
    // Up to a line that begins like an announcement.
    std::size_t end = bytes.find('\n');
    while (end < bytes.size()) {
      ++end;
      if (end == bytes.size() || looks(bytes.substr(end, 1)) != likeness::none) break;
      end = bytes.find('\n', end);
    }
    if (end > bytes.size()) {
      pass(bytes);
      return;
    }
    pass(bytes.substr(0, end));
    bytes.remove_prefix(end);
    where_ = place::line_start;
  }
}

// Takes as much as tells what the line is, or ends it; returns how much.
std::size_t output_mask::take_line_start(std::string_view bytes) {
  // Whole, when it is no announcement: nothing is copied.
  if (held_.empty() && looks(bytes.substr(0, 1)) == likeness::none) {
    where_ = place::in_line;
    return 0;
  }
  auto const newline = bytes.find('\n');
  auto const end = newline == std::string_view::npos ? bytes.size() : newline;
  auto const room = most_announced - std::min(most_announced, held_.size());
  auto const taken = std::min(end, room);
  held_.append(bytes.substr(0, taken));
  auto const like = looks(held_);
  bool const complete = taken == end && newline != std::string_view::npos;
  if (like == likeness::none ||
      (like == likeness::perhaps && (complete || held_.size() == most_announced))) {
    where_ = place::in_line;
    pass(std::exchange(held_, {}));
    return taken;
  }
  if (complete) {
    end_announcement("\n");
    return taken + 1;
  }
  if (held_.size() == most_announced) {
    held_.clear();
    pass(fmt::format("{}{}\n", mark, mask_text));
    where_ = place::in_endless_announcement;
  }
  return taken;
}

void output_mask::end_announcement(std::string_view line_end) {
  auto line = std::exchange(held_, {});
  auto const begin = line.find(mark);
  auto value = std::string_view(line).substr(begin + mark.size());
  bool const with_return = value.ends_with('\r');
  if (with_return) value.remove_suffix(1);
  auto const last = value.find_last_not_of(" \t\r\v\f");
  if (last == std::string_view::npos) {
    pass(line.append(line_end));
    return;
  }
  auto const indent = line.substr(0, begin);
  auto const plain = decoded(value);
  std::string const written(value);
  for (auto const& each : {written, plain}) {
    if (values_.add(each)) announced_(each);
  }
  // With the phrases of before: there is nothing in it to look for.
  masker_.put(
      fmt::format("{}{}{}{}{}", indent, mark, mask_text, with_return ? "\r" : "", line_end));
}

void output_mask::finish() {
  if (looks(held_) == likeness::announcement) {
    end_announcement({});
  } else if (!held_.empty()) {
    pass(std::exchange(held_, {}));
  }
  pass({});  // a value may have come since the last byte
  masker_.finish();
}

}  // namespace corunner
