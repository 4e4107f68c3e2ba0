#include "exec/archive/tar_parser.hpp"

#include <algorithm>
#include <charconv>

namespace corunner::exec {
namespace {

constexpr std::int64_t extension_limit = 1 << 20;
constexpr char const* bad_header = "archive/tar: invalid tar header";

bool is_extension(char type) { return type == 'x' || type == 'g' || type == 'L' || type == 'K'; }

// Whole numbers; a fraction is cut off.
std::optional<std::int64_t> parse_decimal(std::string_view text) {
  std::int64_t value = 0;
  auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc() || (end != text.data() + text.size() && *end != '.')) return std::nullopt;
  return value;
}

// "-1.25" is two seconds before 1970 and three quarters of one.
void parse_time(std::string_view text, tar_block_fields& into) {
  auto const point = std::min(text.find('.'), text.size());
  auto const seconds = parse_decimal(text.substr(0, point));
  if (!seconds) return;
  std::int32_t nanoseconds = 0;
  std::int32_t unit = 100'000'000;
  for (auto at = point + 1; at < text.size() && text[at] >= '0' && text[at] <= '9';
       ++at, unit /= 10) {
    nanoseconds += (text[at] - '0') * unit;
  }
  bool const back = text.starts_with('-') && nanoseconds > 0;
  into.modified = back ? *seconds - 1 : *seconds;
  into.modified_nanoseconds = back ? 1'000'000'000 - nanoseconds : nanoseconds;
}

}  // namespace

std::string tar_parser::close() {
  state_ = padding_ > 0 ? state::padding : state::header;
  left_ = padding_;
  return end_entry();
}

void tar_parser::take_pax(std::string_view records) {
  while (!records.empty()) {
    auto const blank = records.find(' ');
    auto const length = parse_decimal(records.substr(0, std::min(blank, records.size())));
    if (!length || blank == std::string_view::npos) return;
    auto const size = static_cast<std::size_t>(*length);
    if (*length <= static_cast<std::int64_t>(blank) + 1 || size > records.size()) return;
    auto const record = records.substr(blank + 1, size - blank - 2);  // without the newline
    auto const equals = std::min(record.find('='), record.size());
    auto const key = record.substr(0, equals);
    auto const value = equals < record.size() ? record.substr(equals + 1) : std::string_view();
    // Of the oldest format of sparse files there is one of these for each extent.
    if (key == "GNU.sparse.offset" || key == "GNU.sparse.numbytes") {
      auto& map = next_["GNU.sparse.map"];
      if (!map.empty()) map += ',';
      map += value;
    } else {
      next_[std::string(key)] = value;
    }
    records.remove_prefix(size);
  }
}

std::string tar_parser::take_extension() {
  auto const text = std::string_view(held_);
  auto const name = text.substr(0, std::min(text.find('\0'), text.size()));
  if (extension_ == 'x') take_pax(text);
  if (extension_ == 'L') next_["path"] = name;
  if (extension_ == 'K') next_["linkpath"] = name;
  held_.clear();
  state_ = padding_ > 0 ? state::padding : state::header;
  left_ = padding_;
  return {};
}

// False: what they say cannot be.
bool tar_parser::apply_extensions(tar_block_fields& entry) {
  auto const told = [&](std::string_view key) {
    auto const found = next_.find(key);
    return found == next_.end() ? nullptr : &found->second;
  };
  auto const number = [&](std::string_view key, std::int64_t& value) {
    if (auto const* text = told(key)) value = parse_decimal(*text).value_or(value);
  };
  if (auto const* path = told("path")) entry.path = *path;
  if (auto const* path = told("GNU.sparse.name")) entry.path = *path;
  if (auto const* target = told("linkpath")) entry.target = *target;
  number("size", entry.size);
  number("uid", entry.uid);
  number("gid", entry.gid);
  if (auto const* time = told("mtime")) parse_time(*time, entry);
  return entry.size >= 0;
}

// Sets entry_.sparse when the entry is a file with holes. False: its map cannot be.
bool tar_parser::begin_sparse(std::string_view block) {
  bool const old = entry_.type == 'S';
  if (!old && !tar_sparse_reader::is_told_by(next_)) return true;
  entry_.sparse.emplace();
  sparse_ = {};
  return old ? sparse_.begin_old(block) : sparse_.begin(next_);
}

std::string tar_parser::take_sparse_block() {
  auto const block = std::exchange(held_, {});
  if (sparse_.counts_as_content()) {
    if (left_ < tar_block) return bad_header;
    left_ -= tar_block;
  }
  if (!sparse_.take(block)) return bad_header;
  return sparse_.more() ? std::string() : begin_content();
}

std::string tar_parser::begin_content() {
  state_ = state::content;
  if (entry_.sparse && !sparse_.finish(left_, *entry_.sparse)) return bad_header;
  auto const why = begin_entry(entry_);
  return why.empty() && left_ == 0 ? close() : why;
}

std::string tar_parser::take_header(std::string_view block) {
  if (block.find_first_not_of('\0') == std::string_view::npos) {
    state_ = state::over;
    return {};
  }
  auto entry = parse_tar_block(block);
  if (!entry) return bad_header;
  bool const extends = is_extension(entry->type);
  if (extends && entry->size > extension_limit) return bad_header;
  if (!extends && !apply_extensions(*entry)) return bad_header;
  // Links and directories have no content, whatever they say.
  if (entry->type >= '1' && entry->type <= '6') entry->size = 0;
  left_ = static_cast<std::uint64_t>(entry->size);
  padding_ = (tar_block - left_ % tar_block) % tar_block;
  held_.clear();
  if (extends) {
    extension_ = entry->type;
    state_ = state::extension;
    return left_ == 0 ? take_extension() : std::string();
  }
  entry_ = std::move(*entry);
  bool const begun = begin_sparse(block);
  next_.clear();
  if (!begun) return bad_header;
  if (!entry_.sparse || !sparse_.more()) return begin_content();
  state_ = state::sparse_map;
  return {};
}

std::string tar_parser::feed(std::string_view bytes) {
  while (!bytes.empty() && state_ != state::over) {
    bool const a_block = state_ == state::header || state_ == state::sparse_map;
    auto const wanted = a_block ? tar_block - held_.size() : left_;
    auto const part = bytes.substr(0, std::min<std::uint64_t>(wanted, bytes.size()));
    bytes.remove_prefix(part.size());
    std::string why;
    switch (state_) {
      case state::header:
        held_ += part;
        if (held_.size() == tar_block) {
          auto const block = std::exchange(held_, {});
          why = take_header(block);
        }
        break;
      case state::extension:
        held_ += part;
        left_ -= part.size();
        if (left_ == 0) why = take_extension();
        break;
      case state::sparse_map:
        held_ += part;
        if (held_.size() == tar_block) why = take_sparse_block();
        break;
      case state::content:
        left_ -= part.size();
        why = content(part);
        if (why.empty() && left_ == 0) why = close();
        break;
      case state::padding:
        left_ -= part.size();
        if (left_ == 0) state_ = state::header;
        break;
      case state::over: break;
    }
    if (!why.empty()) return why;
  }
  return {};
}

}  // namespace corunner::exec
