#include "exec/archive/tar_sparse.hpp"

#include "exec/archive/tar_format.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace corunner::exec {
namespace {

constexpr std::size_t most_extents = 1 << 20;
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 62;
constexpr std::size_t longest_text = 32 << 20;

std::optional<std::uint64_t> parse_whole(std::string_view text) {
  std::uint64_t value = 0;
  auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc() || end != text.data() + text.size() || value > most_bytes) {
    return std::nullopt;
  }
  return value;
}

std::string_view find(tar_sparse_reader::pax_records const& records, std::string_view key) {
  auto const found = records.find(key);
  return found == records.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace

bool tar_sparse_reader::is_told_by(pax_records const& records) {
  auto const first = records.lower_bound("GNU.sparse.");
  return first != records.end() && first->first.starts_with("GNU.sparse.");
}

bool tar_sparse_reader::begin(pax_records const& records) {
  bool const in_content = find(records, "GNU.sparse.major") == "1";
  auto const size =
      parse_whole(find(records, in_content ? "GNU.sparse.realsize" : "GNU.sparse.size"));
  if (!size) return false;
  map_.size = *size;
  more_ = in_content;
  return in_content || take_numbers(find(records, "GNU.sparse.map"), ',');
}

bool tar_sparse_reader::begin_old(std::string_view header) {
  old_ = true;
  auto const size = parse_tar_number(header.substr(483, 12));
  if (!size || *size < 0) return false;
  map_.size = static_cast<std::uint64_t>(*size);
  return take_old(header.substr(386), 4, header[482]);
}

bool tar_sparse_reader::take_old(std::string_view extents, std::size_t count, char goes_on) {
  more_ = goes_on != 0;
  for (std::size_t i = 0; i < count; ++i) {
    auto const at = extents.substr(i * 24);
    if (at[0] == '\0') break;
    auto const offset = parse_tar_number(at.substr(0, 12));
    auto const length = parse_tar_number(at.substr(12, 12));
    if (!offset || !length || *offset < 0 || *length < 0) return false;
    if (!add(static_cast<std::uint64_t>(*offset), static_cast<std::uint64_t>(*length))) {
      return false;
    }
  }
  return true;
}

// A line for how many extents there are, then two for each; the last block is filled up.
bool tar_sparse_reader::take(std::string_view block) {
  if (old_) return take_old(block, 21, block[504]);
  text_ += block;
  if (text_.size() > longest_text) return false;
  auto const first = text_.find('\n');
  if (first == std::string::npos) return true;
  auto const count = parse_whole(std::string_view(text_).substr(0, first));
  if (!count || *count > most_extents) return false;
  auto const lines = static_cast<std::uint64_t>(std::count(text_.begin(), text_.end(), '\n'));
  if (lines < 1 + 2 * *count) return true;
  more_ = false;
  auto const end = text_.find_last_of('\n');
  auto const numbers = std::string_view(text_).substr(first + 1, end - first);
  auto const taken =
      take_numbers(numbers.substr(0, numbers.empty() ? 0 : numbers.size() - 1), '\n');
  text_.clear();
  return taken;
}

bool tar_sparse_reader::take_numbers(std::string_view text, char separator) {
  while (!text.empty()) {
    std::uint64_t pair[2] = {};
    for (auto& value : pair) {
      auto const end = std::min(text.find(separator), text.size());
      auto const number = parse_whole(text.substr(0, end));
      if (!number) return false;
      value = *number;
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (!add(pair[0], pair[1])) return false;
  }
  return true;
}

bool tar_sparse_reader::add(std::uint64_t offset, std::uint64_t length) {
  auto const end =
      map_.extents.empty() ? 0 : map_.extents.back().offset + map_.extents.back().length;
  if (offset < end || offset > map_.size || length > map_.size - offset) return false;
  if (map_.extents.size() == most_extents) return false;
  map_.extents.push_back({offset, length});
  return true;
}

bool tar_sparse_reader::finish(std::uint64_t stored, tar_sparse_map& into) {
  std::uint64_t sum = 0;
  for (auto const& extent : map_.extents) sum += extent.length;
  into = std::move(map_);
  return sum == stored;
}

}  // namespace corunner::exec
