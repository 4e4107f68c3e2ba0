#include "exec/archive/tar_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace corunner::exec {
namespace {

constexpr std::uint64_t most_octal7 = 07777777;
constexpr std::uint64_t most_octal11 = 077777777777;
constexpr std::size_t name_size = 100;
constexpr std::size_t prefix_size = 155;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0; });
}

// Where to cut a path into prefix and name so that both fit; nothing when they cannot.
std::optional<std::size_t> cut_of(std::string_view path) {
  for (auto at = path.find('/'); at != std::string_view::npos; at = path.find('/', at + 1)) {
    if (at > prefix_size) break;
    auto const name = path.size() - at - 1;
    if (at > 0 && name > 0 && name <= name_size) return at;
  }
  return std::nullopt;
}

// "12 key=value\n", where 12 counts itself.
std::string pax_record(std::string_view key, std::string_view value) {
  auto const rest = key.size() + value.size() + 3;
  auto length = rest + 1;
  while (length != rest + std::to_string(length).size()) ++length;
  return fmt::format("{} {}={}\n", length, key, value);
}

std::string octal(std::uint64_t value, std::size_t digits) {
  return fmt::format("{:0{}o}", value, digits) + '\0';
}

struct block_text {
  std::string path;
  std::string prefix;
  std::string target;
  char type;
  std::uint32_t mode = 0;
  std::uint64_t uid = 0;
  std::uint64_t gid = 0;
  std::uint64_t size = 0;
  std::uint64_t modified = 0;
};

std::string make_block(block_text const& with) {
  std::string block(tar_block, '\0');
  auto const place = [&](std::size_t at, std::string_view text, std::size_t room) {
    std::copy_n(text.begin(), std::min(text.size(), room),
                block.begin() + static_cast<std::ptrdiff_t>(at));
  };
  place(0, with.path, name_size);
  place(100, octal(with.mode & 07777, 7), 8);
  place(108, octal(with.uid, 7), 8);
  place(116, octal(with.gid, 7), 8);
  place(124, octal(with.size, 11), 12);
  place(136, octal(with.modified, 11), 12);
  place(148, "        ", 8);
  block[156] = with.type;
  place(157, with.target, name_size);
  place(257, std::string_view("ustar\0" "00", 8), 8);
  place(345, with.prefix, prefix_size);
  auto const sum = std::accumulate(block.begin(), block.end(), 0u, [](unsigned so_far, char c) {
    return so_far + static_cast<unsigned char>(c);
  });
  place(148, octal(sum, 6) + ' ', 8);
  return block;
}

char type_of(archive_entry const& entry) {
  return entry.is_directory() ? '5' : entry.is_link() ? '2' : '0';
}

}  // namespace

std::string tar_padding(std::uint64_t size) {
  return std::string((tar_block - size % tar_block) % tar_block, '\0');
}

std::string tar_header(archive_entry const& entry, std::string_view target) {
  auto const path = entry.is_directory() ? entry.path + "/" : entry.path;
  auto const when = entry.modified + (entry.modified_nanoseconds >= 500'000'000 ? 1 : 0);
  std::uint64_t const size = entry.is_regular() ? entry.size : 0;
  block_text text{path, {}, std::string(target), type_of(entry)};
  text.mode = entry.mode;
  std::string pax;
  if (!is_ascii(path) || (path.size() > name_size && !cut_of(path))) {
    pax += pax_record("path", path);
  } else if (path.size() > name_size) {
    auto const cut = *cut_of(path);
    text.prefix = path.substr(0, cut);
    text.path = path.substr(cut + 1);
  }
  if (!is_ascii(target) || target.size() > name_size) pax += pax_record("linkpath", target);
  auto const number = [&](std::string_view key, std::uint64_t value, std::uint64_t most) {
    if (value <= most) return value;
    pax += pax_record(key, std::to_string(value));
    return std::uint64_t{0};
  };
  text.uid = number("uid", entry.uid, most_octal7);
  text.gid = number("gid", entry.gid, most_octal7);
  text.size = number("size", size, most_octal11);
  if (when < 0) {
    pax += pax_record("mtime", std::to_string(when));
  } else {
    text.modified = number("mtime", static_cast<std::uint64_t>(when), most_octal11);
  }
  if (pax.empty()) return make_block(text);
  block_text in_front{"PaxHeaders.0/entry", {}, {}, 'x'};
  in_front.mode = 0644;
  in_front.size = pax.size();
  return make_block(in_front) + pax + tar_padding(pax.size()) + make_block(text);
}

std::optional<std::int64_t> parse_tar_number(std::string_view field) {
  auto const first = static_cast<unsigned char>(field[0]);
  if (first & 0x80) {
    std::uint64_t value = first == 0xFF ? ~std::uint64_t{0} : first & 0x7Fu;
    for (std::size_t i = 1; i < field.size(); ++i) {
      if (first != 0xFF && value >> 55 != 0) return std::nullopt;
      value = value << 8 | static_cast<unsigned char>(field[i]);
    }
    return static_cast<std::int64_t>(value);
  }
  std::uint64_t value = 0;
  bool ended = false;
  for (char const c : field) {
    if (c == ' ' || c == '\0') {
      ended = ended || value != 0;
    } else if (c >= '0' && c <= '7' && !ended) {
      value = value << 3 | static_cast<std::uint64_t>(c - '0');
    } else {
      return std::nullopt;
    }
  }
  return static_cast<std::int64_t>(value);
}

namespace {

std::string text_of(std::string_view field) {
  return std::string(field.substr(0, std::min(field.find('\0'), field.size())));
}

bool checksum_is_right(std::string_view block, std::int64_t stored) {
  std::int64_t as_unsigned = 0;
  for (std::size_t i = 0; i < tar_block; ++i) {
    as_unsigned += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(block[i]);
  }
  return stored == as_unsigned;
}

}  // namespace

std::optional<tar_block_fields> parse_tar_block(std::string_view block) {
  auto const sum = parse_tar_number(block.substr(148, 8));
  if (!sum || !checksum_is_right(block, *sum)) return std::nullopt;
  auto const mode = parse_tar_number(block.substr(100, 8));
  auto const uid = parse_tar_number(block.substr(108, 8));
  auto const gid = parse_tar_number(block.substr(116, 8));
  auto const size = parse_tar_number(block.substr(124, 12));
  auto const modified = parse_tar_number(block.substr(136, 12));
  if (!mode || !uid || !gid || !size || *size < 0 || !modified) return std::nullopt;
  tar_block_fields fields;
  fields.path = text_of(block.substr(0, name_size));
  if (block.substr(257, 6) == std::string_view("ustar\0", 6)) {
    auto const prefix = text_of(block.substr(345, prefix_size));
    if (!prefix.empty()) fields.path = prefix + "/" + fields.path;
  }
  fields.target = text_of(block.substr(157, name_size));
  fields.type = block[156];
  fields.mode = static_cast<std::uint32_t>(*mode);
  fields.uid = *uid;
  fields.gid = *gid;
  fields.size = *size;
  fields.modified = *modified;
  return fields;
}

}  // namespace corunner::exec
