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
    next_[std::string(record.substr(0, equals))] =
        equals < record.size() ? record.substr(equals + 1) : std::string_view();
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

void tar_parser::apply_extensions(tar_block_fields& entry) {
  auto const number = [&](std::string_view key, std::int64_t& value) {
    auto const found = next_.find(key);
    if (found != next_.end()) value = parse_decimal(found->second).value_or(value);
  };
  if (auto const found = next_.find("path"); found != next_.end()) entry.path = found->second;
  if (auto const found = next_.find("linkpath"); found != next_.end()) entry.target = found->second;
  number("size", entry.size);
  number("mtime", entry.modified);
  number("uid", entry.uid);
  number("gid", entry.gid);
  next_.clear();
}

std::string tar_parser::take_header(std::string_view block) {
  if (block.find_first_not_of('\0') == std::string_view::npos) {
    state_ = state::over;
    return {};
  }
  auto entry = parse_tar_block(block);
  if (!entry) return bad_header;
  if (is_extension(entry->type)) {
    if (entry->size > extension_limit) return bad_header;
    extension_ = entry->type;
    state_ = state::extension;
  } else {
    apply_extensions(*entry);
    // Links and directories have no content, whatever they say.
    if (entry->type != '0' && entry->type != '\0' && entry->type != '7') {
      if (entry->type >= '1' && entry->type <= '6') entry->size = 0;
    }
    if (entry->size < 0) return bad_header;
    state_ = state::content;
  }
  left_ = static_cast<std::uint64_t>(entry->size);
  padding_ = (tar_block - left_ % tar_block) % tar_block;
  held_.clear();
  if (state_ == state::extension) return left_ == 0 ? take_extension() : std::string();
  auto const why = begin_entry(*entry);
  return why.empty() && left_ == 0 ? close() : why;
}

std::string tar_parser::feed(std::string_view bytes) {
  while (!bytes.empty() && state_ != state::over) {
    auto const wanted = state_ == state::header ? tar_block - held_.size() : left_;
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
