#include "exec/archive/zip_source.hpp"

namespace corunner::exec {
namespace {

member_stream::packing packing_of(archive_plan const& plan) {
  if (plan.format == archive_format::zip_zstd) return member_stream::packing::zstd_if_shrinking;
  // A member that is not packed can be served in ranges: GitLab Pages counts on it.
  if (plan.level == compression_level::fastest) return member_stream::packing::store;
  return member_stream::packing::deflate_if_shrinking;
}

constexpr std::size_t directory_slice = 1000;  // records written at a time

}  // namespace

zip_source::zip_source(asio::any_io_executor loop, net::blocking_pool& pool,
                       std::shared_ptr<archive_plan const> plan)
    : loop_(loop), pool_(pool), plan_(std::move(plan)), batches_(loop, pool) {}

void zip_source::start_batches() {
  auto const& entries = plan_->entries;
  while (batches_.size() < plan_->workers + 1 && next_ < entries.size() &&
         !is_large_file(entries[next_])) {
    auto const last = end_of_batch(*plan_, next_);
    batches_.start([plan = plan_, first = next_, last] { return pack_batch(*plan, first, last); });
    next_ = last;
  }
}

awaitable<bool> zip_source::take_batch() {
  auto made = co_await batches_.next();
  if (!made) co_return false;
  failure_ = made->failure;
  if (!failure_.empty()) co_return false;
  for (auto record : made->records) {
    record.offset += written();
    records_.push_back(record);
  }
  grown_.insert(grown_.end(), made->grown.begin(), made->grown.end());
  out_ += made->bytes;
  co_return true;
}

awaitable<bool> zip_source::begin_large(std::size_t entry) {
  large_ = std::make_unique<member_stream>(loop_, pool_, plan_, packing_of(*plan_));
  auto const path = plan_->root + "/" + plan_->entries[entry].path;
  bool const opened = co_await large_->open(path, path);
  if (!opened) {
    failure_ = large_->failure();
    co_return false;
  }
  large_record_ = {};
  large_record_.entry = entry;
  large_record_.method = large_->method();
  large_record_.offset = written();
  out_ += zip_local_header(plan_->entries[entry], large_record_);
  co_return true;
}

awaitable<bool> zip_source::continue_large() {
  // For those who have nothing to do when its last parts are made.
  start_batches();
  bool const more = co_await large_->next(out_);
  if (!more) {
    failure_ = large_->failure();
    co_return false;
  }
  if (!large_->ended()) co_return true;
  large_record_.crc = large_->crc();
  large_record_.size = large_->size();
  large_record_.packed = large_->packed();
  out_ += zip_descriptor(large_record_);
  records_.push_back(large_record_);
  large_.reset();
  co_return true;
}

void zip_source::write_directory() {
  if (listed_ == 0) directory_ = written();
  for (std::size_t i = 0; i < directory_slice && listed_ < records_.size(); ++i, ++listed_) {
    auto const& record = records_[listed_];
    out_ += zip_central_header(plan_->entries[record.entry], record);
  }
  if (listed_ < records_.size()) return;
  auto const size = written() - directory_;
  out_ += zip_end(records_.size(), directory_, size);
  finished_ = true;
}

awaitable<bool> zip_source::produce() {
  if (large_) co_return co_await continue_large();
  start_batches();
  if (!batches_.empty()) co_return co_await take_batch();
  if (next_ < plan_->entries.size()) co_return co_await begin_large(next_++);
  if (!grown_.empty()) {
    auto const entry = grown_.front();
    grown_.pop_front();
    co_return co_await begin_large(entry);
  }
  write_directory();
  co_return true;
}

}  // namespace corunner::exec
