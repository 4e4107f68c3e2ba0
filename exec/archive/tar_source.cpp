#include "exec/archive/tar_source.hpp"

#include "exec/archive/compress.hpp"
#include "exec/archive/input_file.hpp"
#include "exec/archive/tar_format.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cerrno>
#include <optional>

namespace corunner::exec {
namespace {

// Large enough that a frame of its own costs little of what packing saves.
constexpr std::size_t piece_size = 2 << 20;

constexpr std::size_t read_size = 1 << 20;

struct piece {
  std::string bytes;
  std::string failure;
  bool last = false;
};

}  // namespace

// Used by one thread at a time.
class tar_source::reader {
 public:
  explicit reader(std::shared_ptr<archive_plan const> plan) : plan_(std::move(plan)) {}

  piece next() {
    piece made;
    while (made.bytes.size() < piece_size && !at_end() && made.failure.empty()) {
      add(made.bytes, made.failure);
    }
    made.last = at_end();
    if (made.last) made.bytes.append(2 * tar_block, '\0');
    return made;
  }

 private:
  bool at_end() const { return !file_ && next_ == plan_->entries.size(); }

  void add(std::string& raw, std::string& failure) {
    if (file_) return add_content(raw, failure);
    auto const& entry = plan_->entries[next_++];
    auto const path = plan_->root + "/" + entry.path;
    if (entry.is_link()) {
      std::string target(4096, '\0');
      auto const length = ::readlink(path.c_str(), target.data(), target.size());
      if (length < 0) failure = system_message("readlink", path, errno);
      target.resize(static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
      raw += tar_header(entry, target);
    } else if (entry.is_directory()) {
      raw += tar_header(entry, {});
    } else if (entry.is_regular()) {
      file_ = input_file::open(path, path, failure);
      if (!file_) return;
      raw += tar_header(entry, {});
      done_ = 0;
    }
  }

  // The header has promised a size.
  void add_content(std::string& raw, std::string& failure) {
    auto const size = plan_->entries[next_ - 1].size;
    auto const wanted = std::min<std::uint64_t>(size - done_, read_size);
    auto const bytes = file_->read(done_, wanted + (done_ + wanted == size ? 1 : 0), failure);
    if (!bytes) return;
    done_ += bytes->size();
    if (bytes->size() > wanted) failure = "archive/tar: write too long";
    if (bytes->size() < wanted)
      failure = fmt::format("archive/tar: missed writing {} bytes", size - done_);
    if (!failure.empty()) return;
    raw += *bytes;
    if (done_ < size) return;
    raw += tar_padding(size);
    file_.reset();
  }

  std::shared_ptr<archive_plan const> plan_;
  std::size_t next_ = 0;
  std::optional<input_file> file_;
  std::uint64_t done_ = 0;
};

tar_source::tar_source(asio::any_io_executor loop, net::blocking_pool& pool,
                       std::shared_ptr<archive_plan const> plan)
    : pool_(pool),
      plan_(std::move(plan)),
      reader_(std::make_shared<reader>(plan_)),
      frames_(std::move(loop), pool) {}

awaitable<bool> tar_source::start_pieces() {
  while (!read_all_ && frames_.size() < plan_->workers + 1) {
    auto read = [from = reader_] { return from->next(); };
    auto made = co_await net::on_pool(pool_, std::move(read));
    failure_ = std::move(made.failure);
    if (!failure_.empty()) co_return false;
    read_all_ = made.last;
    frames_.start(
        [raw = std::move(made.bytes), level = plan_->level] { return zstd_frame(raw, level); });
  }
  co_return true;
}

awaitable<bool> tar_source::produce() {
  if (!co_await start_pieces()) co_return false;
  auto frame = co_await frames_.next();
  if (!frame) co_return false;
  out_ += *frame;
  finished_ = read_all_ && frames_.empty();
  co_return true;
}

}  // namespace corunner::exec
