#include "exec/archive/tar_extract.hpp"

#include "exec/archive/safe_tree.hpp"
#include "exec/archive/tar_parser.hpp"
#include "exec/archive/unpacker.hpp"
#include "exec/archive/write_all.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace corunner::exec {
namespace {

constexpr std::size_t piece = 256 << 10;
constexpr char const* ended_early = "unexpected EOF";

class tar_unpacking final : public tar_parser {
 public:
  explicit tar_unpacking(std::string const& root) : tree_(root) {}

  std::string begin() const { return tree_.ok() ? std::string() : tree_.failure(); }

  // Links when all files are there, then what directories are to look like, the deep ones first.
  std::string finish() {
    for (auto const& link : links_) {
      if (!tree_.make_link(link.path, link.target, link.metadata)) return tree_.failure();
    }
    for (auto const& [path, metadata] : directories_) {
      if (path != "." && !tree_.finish_directory(path, metadata)) return tree_.failure();
    }
    auto const root = directories_.find(".");
    if (root != directories_.end() && !tree_.finish_directory(".", root->second)) {
      return tree_.failure();
    }
    return {};
  }

 protected:
  std::string begin_entry(tar_block_fields const& entry) override {
    auto const path = tree_.place(entry.path);
    if (!path) return tree_.failure();
    metadata_ = {entry.mode, entry.modified, entry.modified_nanoseconds,
                 static_cast<std::uint32_t>(entry.uid), static_cast<std::uint32_t>(entry.gid)};
    path_ = *path;
    sparse_ = entry.sparse;
    extent_ = done_ = 0;
    switch (entry.type) {
      case '0':
      case '\0':
      case '7':
      case 'S': return begin_file();
      case '1': return hard_link(entry.target);
      case '2': links_.push_back({path_, entry.target, metadata_}); return {};
      case '5':
        directories_[path_] = metadata_;
        return tree_.make_directory(path_) ? "" : tree_.failure();
      default: return {};  // devices, pipes: left out
    }
  }

  std::string content(std::string_view bytes) override {
    if (!file_) return {};
    int const error = sparse_ ? write_sparse(bytes) : write_all(file_.get(), bytes);
    return error == 0 ? std::string() : system_message("write", tree_.shown(path_), error);
  }

  std::string end_entry() override {
    if (!file_) return {};
    if (sparse_ && ::ftruncate(file_.get(), static_cast<off_t>(sparse_->size)) != 0) {
      return system_message("truncate", tree_.shown(path_), errno);
    }
    bool const applied = apply_metadata(file_.get(), metadata_);
    int const error = errno;
    file_ = owned_descriptor();
    return applied ? std::string() : system_message("chmod", tree_.shown(path_), error);
  }

 private:
  struct link {
    std::string path;
    std::string target;
    file_metadata metadata;
  };

  std::string begin_file() {
    file_ = tree_.create_file(path_);
    return file_ ? std::string() : tree_.failure();
  }

  std::string hard_link(std::string const& name) {
    auto const target = tree_.place(name);
    if (!target || !tree_.make_hard_link(path_, *target)) return tree_.failure();
    return {};
  }

  // errno of what failed; between the extents holes are left.
  int write_sparse(std::string_view bytes) {
    while (!bytes.empty()) {
      auto const& extent = sparse_->extents.at(extent_);
      if (done_ == 0 && ::lseek(file_.get(), static_cast<off_t>(extent.offset), SEEK_SET) < 0) {
        return errno;
      }
      auto const part =
          bytes.substr(0, std::min<std::uint64_t>(extent.length - done_, bytes.size()));
      if (int const error = write_all(file_.get(), part)) return error;
      bytes.remove_prefix(part.size());
      done_ += part.size();
      if (done_ < extent.length) continue;
      ++extent_;
      done_ = 0;
    }
    return 0;
  }

  safe_tree tree_;
  std::string path_;
  std::optional<tar_sparse_map> sparse_;
  std::size_t extent_ = 0;    // of sparse_, which is written at
  std::uint64_t done_ = 0;    // of that extent
  file_metadata metadata_;
  owned_descriptor file_;
  std::vector<link> links_;
  std::map<std::string, file_metadata, std::greater<>> directories_;
};

}  // namespace

std::string extract_tar_zstd(input_file const& file, std::string const& root,
                             unpack_budget budget) {
  tar_unpacking unpacking(root);
  auto why = unpacking.begin();
  auto const with = make_zstd_unpacker();
  auto const take = [&](std::string_view bytes) {
    why = budget.take(bytes.size());
    if (why.empty()) why = unpacking.feed(bytes);
    return why.empty();
  };
  for (std::uint64_t at = 0; why.empty();) {
    auto const packed = file.read(at, piece, why);
    if (!packed || packed->empty()) break;
    at += packed->size();
    auto const broken = with->feed(*packed, take);
    if (why.empty()) why = broken;
  }
  if (!why.empty()) return why;
  if (!with->complete() || !unpacking.complete()) return ended_early;
  return unpacking.finish();
}

}  // namespace corunner::exec
