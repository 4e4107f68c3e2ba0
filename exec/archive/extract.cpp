#include "exec/archive/extract.hpp"

#include "exec/archive/byte_order.hpp"
#include "exec/archive/input_file.hpp"
#include "exec/archive/tar_extract.hpp"
#include "exec/archive/zip_extract.hpp"

namespace corunner::exec {
namespace {

struct opened_archive {
  std::shared_ptr<input_file const> file;
  std::string magic;
  std::string failure;
};

opened_archive open_it(std::string const& path) {
  opened_archive made;
  auto file = input_file::open(path, path, made.failure);
  if (!file) return made;
  auto magic = file->read(0, 4, made.failure);
  if (!magic) return made;
  made.magic = std::move(*magic);
  made.file = std::make_shared<input_file const>(std::move(*file));
  return made;
}

}  // namespace

awaitable<extract_outcome> extract_archive(net::blocking_pool& pool, std::string archive,
                                           std::string root, unsigned workers) {
  auto open = [path = std::move(archive)] { return open_it(path); };
  auto const opened = co_await net::on_pool(pool, std::move(open));
  if (!opened.file) co_return extract_outcome{opened.failure};
  if (opened.magic == "\x28\xb5\x2f\xfd") {
    auto unpack = [file = opened.file, root = std::move(root)] {
      auto const budget = unpack_budget::of(root, file->size());
      return extract_outcome{extract_tar_zstd(*file, root, budget)};
    };
    co_return co_await net::on_pool(pool, std::move(unpack));
  }
  if (opened.magic.starts_with("\x1f\x8b")) {
    co_return extract_outcome{"\"gzip\" format: unsupported archive format"};
  }
  co_return co_await extract_zip(pool, opened.file, std::move(root), workers);
}

}  // namespace corunner::exec
