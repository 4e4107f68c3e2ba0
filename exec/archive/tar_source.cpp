#include "exec/archive/tar_source.hpp"

#include "exec/archive/compress.hpp"
#include "exec/archive/input_file.hpp"
#include "exec/archive/tar_format.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <zstd.h>

#include <cerrno>
#include <new>
#include <optional>

namespace corunner::exec {
namespace {

constexpr std::size_t piece_size = 1 << 20;

}  // namespace

// One piece at a time, each on some thread of the pool.
class tar_source::packer {
 public:
  explicit packer(std::shared_ptr<archive_plan const> plan)
      : plan_(std::move(plan)), context_(ZSTD_createCCtx()) {
    if (!context_) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, zstd_level(plan_->level));
    // Refused by a library without threads, which then works on this one.
    if (plan_->workers > 1) {
      ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_nbWorkers, static_cast<int>(plan_->workers));
    }
  }

  piece next() {
    piece made;
    std::string raw;
    while (raw.size() < piece_size && !at_end() && made.failure.empty()) add(raw, made.failure);
    if (!made.failure.empty()) return made;
    made.last = at_end();
    if (made.last) raw.append(2 * tar_block, '\0');
    compress(raw, made.last, made.bytes);
    return made;
  }

 private:
  struct freer {
    void operator()(ZSTD_CCtx* made) const { ZSTD_freeCCtx(made); }
  };

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
    auto const wanted = std::min<std::uint64_t>(size - done_, piece_size);
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

  void compress(std::string_view raw, bool last, std::string& into) {
    ZSTD_inBuffer in{raw.data(), raw.size(), 0};
    auto const how = last ? ZSTD_e_end : ZSTD_e_continue;
    std::size_t left = 1;
    while (last ? left != 0 : in.pos < in.size) {
      auto const begin = into.size();
      into.resize(begin + ZSTD_CStreamOutSize());
      ZSTD_outBuffer out{into.data() + begin, into.size() - begin, 0};
      left = ZSTD_compressStream2(context_.get(), &out, &in, how);
      into.resize(begin + out.pos);
      if (ZSTD_isError(left)) throw std::bad_alloc();
    }
  }

  std::shared_ptr<archive_plan const> plan_;
  std::unique_ptr<ZSTD_CCtx, freer> context_;
  std::size_t next_ = 0;
  std::optional<input_file> file_;
  std::uint64_t done_ = 0;
};

tar_source::tar_source(asio::any_io_executor loop, net::blocking_pool& pool,
                       std::shared_ptr<archive_plan const> plan)
    : packer_(std::make_shared<packer>(std::move(plan))), pieces_(std::move(loop), pool) {}

void tar_source::start_piece() {
  pieces_.start([packer = packer_] { return packer->next(); });
}

awaitable<bool> tar_source::produce() {
  if (pieces_.empty()) start_piece();
  auto made = co_await pieces_.next();
  if (!made) co_return false;
  failure_ = made->failure;
  if (!failure_.empty()) co_return false;
  out_ += made->bytes;
  finished_ = made->last;
  if (!finished_) start_piece();
  co_return true;
}

}  // namespace corunner::exec
