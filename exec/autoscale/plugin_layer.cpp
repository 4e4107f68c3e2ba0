#include "exec/autoscale/plugin_layer.hpp"

#include "exec/archive/byte_order.hpp"
#include "exec/archive/crc32.hpp"
#include "exec/archive/safe_tree.hpp"
#include "exec/archive/tar_parser.hpp"
#include "exec/archive/unpacker.hpp"
#include "exec/archive/write_all.hpp"
#include "exec/archive/zip_format.hpp"
#include "exec/autoscale/plugin_store.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cerrno>
#include <set>

namespace corunner::exec {

namespace {

constexpr std::size_t piece = 256 << 10;
constexpr std::size_t most_files = 1000;
constexpr std::string_view ended_early = "the layer ends early";

class layer_parser final : public tar_parser {
 public:
  explicit layer_parser(std::string const& root) : tree_(root) {}

  std::string begin() const { return tree_.ok() ? std::string() : tree_.failure(); }
  std::string finish() const {
    if (!names_.contains(plugin_program)) {
      return fmt::format("the layer has no file 'plugin/{}'", plugin_program);
    }
    return {};
  }

 protected:
  std::string begin_entry(tar_block_fields const& entry) override {
    if (entry.type == '5') return {};
    bool const regular = entry.type == '0' || entry.type == '\0' || entry.type == '7';
    if (!regular || entry.sparse) {
      return fmt::format("the layer has '{}', which is no regular file", shown(entry.path));
    }
    auto const name = name_of(entry.path);
    if (name.empty()) {
      return fmt::format("the layer has '{}', expected 'plugin/FILE'", shown(entry.path));
    }
    if (!names_.insert(name).second) {
      return fmt::format("the layer has '{}' twice", shown(entry.path));
    }
    if (names_.size() > most_files) {
      return fmt::format("the layer has more than {} files", most_files);
    }
    name_ = name;
    auto const path = tree_.place(name);
    if (path) file_ = tree_.create_file(*path);
    if (!file_) return tree_.failure();
    metadata_.mode = name == plugin_program ? 0755 : (entry.mode & 0755) | 0600;
    metadata_.modified = entry.modified;
    metadata_.modified_nanoseconds = entry.modified_nanoseconds;
    return {};
  }

  std::string content(std::string_view bytes) override {
    if (!file_) return {};
    int const error = write_all(file_.get(), bytes);
    return error == 0 ? std::string() : system_message("write", tree_.shown(name_), error);
  }

  std::string end_entry() override {
    if (!file_) return {};
    // A program that a loss of power cut short would be taken for an installed one for ever.
    bool const done = apply_metadata(file_.get(), metadata_) && ::fsync(file_.get()) == 0;
    int const error = errno;
    file_ = owned_descriptor();
    return done ? std::string() : system_message("finish", tree_.shown(name_), error);
  }

 private:
  static std::string shown(std::string const& path) {
    std::string out = path.substr(0, 200);
    for (char& c : out) c = static_cast<unsigned char>(c) < ' ' || c == 0x7f ? '?' : c;
    return out;
  }

  // FILE of plugin/FILE; empty: it is called something else.
  static std::string name_of(std::string_view path) {
    if (path.starts_with("./")) path.remove_prefix(2);
    if (path.starts_with("Files/")) path.remove_prefix(6);
    if (!path.starts_with("plugin/")) return {};
    path.remove_prefix(7);
    bool const flat = path.find_first_of(std::string_view("/\\\0", 3)) == path.npos;
    return flat && path != "." && path != ".." ? std::string(path) : std::string();
  }

  safe_tree tree_;
  std::set<std::string, std::less<>> names_;
  std::string name_;
  file_metadata metadata_;
  owned_descriptor file_;
};

// How many bytes stand before the compressed ones (RFC 1952, 2.3); 0: these are none of gzip.
std::size_t gzip_header(std::string_view bytes) {
  constexpr unsigned char has_checksum = 2, has_extra = 4, has_name = 8, has_comment = 16;
  if (bytes.size() < 18 || !bytes.starts_with("\x1f\x8b\x08")) return 0;
  auto const flags = static_cast<unsigned char>(bytes[3]);
  std::size_t at = 10;
  if (flags & has_extra) at += 2 + get<std::uint16_t>(bytes, at);
  for (auto const text : {has_name, has_comment}) {
    if (!(flags & text)) continue;
    auto const end = at < bytes.size() ? bytes.find('\0', at) : bytes.npos;
    if (end == bytes.npos) return 0;
    at = end + 1;
  }
  if (flags & has_checksum) at += 2;
  return at < bytes.size() ? at : 0;
}

}  // namespace

std::string unpack_plugin_layer(input_file const& layer, std::string const& root,
                                unpack_budget budget) {
  layer_parser parser(root);
  auto why = parser.begin();
  auto const with = make_unpacker(static_cast<std::uint16_t>(zip_method::deflate));
  std::uint32_t sum = 0;
  std::uint64_t length = 0;
  auto const take = [&](std::string_view bytes) {
    sum = crc32(bytes, sum);
    length += bytes.size();
    why = budget.take(bytes.size());
    if (why.empty()) why = parser.feed(bytes);
    return why.empty();
  };
  for (std::uint64_t at = 0; why.empty() && !with->ended();) {
    auto const packed = layer.read(at, piece, why);
    if (!packed) return why;
    if (packed->empty()) return std::string(ended_early);
    auto const skipped = at == 0 ? gzip_header(*packed) : 0;
    if (at == 0 && skipped == 0) return "the layer is not packed by gzip";
    at += packed->size();
    auto const broken = with->feed(std::string_view(*packed).substr(skipped), take);
    if (why.empty()) why = broken;
  }
  if (!why.empty()) return why;
  if (!parser.complete()) return std::string(ended_early);
  // The end of the file, and so of one gzip member: several would be a layer of which we saw a
  // part.
  auto const end = layer.read(layer.size() - 8, 8, why);
  if (!end) return why;
  if (get<std::uint32_t>(*end, 0) != sum ||
      get<std::uint32_t>(*end, 4) != static_cast<std::uint32_t>(length)) {
    return "the checksum of the layer is wrong, or it is packed in several pieces";
  }
  return parser.finish();
}

}  // namespace corunner::exec
