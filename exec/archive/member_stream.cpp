#include "exec/archive/member_stream.hpp"

#include "exec/archive/compress.hpp"
#include "exec/archive/crc32.hpp"

namespace corunner::exec {
namespace {

constexpr std::size_t part_size = 2 << 20;

}  // namespace

member_stream::member_stream(asio::any_io_executor loop, net::blocking_pool& pool,
                             std::shared_ptr<archive_plan const> plan, packing how)
    : pool_(pool), plan_(std::move(plan)), how_(how), parts_(std::move(loop), pool) {}

member_stream::part member_stream::make_part(input_file const& file, std::uint64_t offset,
                                             packing how, compression_level level) {
  part made;
  auto raw = file.read(offset, part_size, made.failure);
  if (!raw) return made;
  made.crc = crc32(*raw);
  made.size = raw->size();
  if (how == packing::store) {
    made.bytes = std::move(*raw);
    return made;
  }
  bool const zstd = how == packing::zstd_if_shrinking;
  made.bytes = zstd ? zstd_frame(*raw, level) : deflate_part(*raw, level);
  made.method = zstd ? zip_method::zstd : zip_method::deflate;
  bool const keep = how == packing::deflate || made.bytes.size() < raw->size() || offset > 0;
  if (!keep) {
    made.bytes = std::move(*raw);
    made.method = zip_method::store;
  }
  return made;
}

// No further than the file was long when it was opened, but for one that finds its end.
void member_stream::start_parts() {
  while (parts_.size() < plan_->workers + 1 && (parts_.empty() || started_ < file_->size())) {
    parts_.start([file = file_, offset = started_, how = how_, level = plan_->level] {
      return make_part(*file, offset, how, level);
    });
    started_ += part_size;
  }
}

awaitable<bool> member_stream::fetch(part& into) {
  auto made = co_await parts_.next();
  if (!made) co_return false;
  into = std::move(*made);
  failure_ = into.failure;
  co_return failure_.empty();
}

awaitable<bool> member_stream::open(std::string path, std::string shown) {
  struct opened {
    std::shared_ptr<input_file const> file;
    std::string failure;
  };
  auto open_it = [path = std::move(path), shown = std::move(shown)] {
    opened made;
    auto file = input_file::open(path, shown, made.failure);
    if (file) made.file = std::make_shared<input_file const>(std::move(*file));
    return made;
  };
  auto made = co_await net::on_pool(pool_, std::move(open_it));
  failure_ = made.failure;
  if (!made.file) co_return false;
  file_ = std::move(made.file);
  start_parts();
  if (!co_await fetch(first_)) co_return false;
  method_ = first_.method;
  if (method_ == zip_method::store && how_ != packing::store) {
    // The others were begun in the hope that this one shrinks.
    how_ = packing::store;
    parts_.clear();
    started_ = part_size;
  }
  co_return true;
}

void member_stream::take(part made, std::string& into) {
  crc_ = crc32_combine(crc_, made.crc, made.size);
  size_ += made.size;
  // A part of nothing is not the end of a zstd or deflate stream, and says nothing.
  if (made.size > 0) {
    packed_ += made.bytes.size();
    into += made.bytes;
  }
  if (made.size == part_size) return;
  ended_ = true;
  parts_.clear();
  if (method_ != zip_method::deflate) return;
  packed_ += deflate_end.size();
  into += deflate_end;
}

awaitable<bool> member_stream::next(std::string& into) {
  if (at_first_) {
    at_first_ = false;
    take(std::move(first_), into);
    co_return true;
  }
  start_parts();
  part made;
  if (!co_await fetch(made)) co_return false;
  take(std::move(made), into);
  co_return true;
}

}  // namespace corunner::exec
