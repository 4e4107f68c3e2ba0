#include "exec/archive/plain_sources.hpp"

#include "exec/archive/byte_order.hpp"
#include "net/url.hpp"

#include <fmt/format.h>

#include <cerrno>

namespace corunner::exec {
namespace {

std::string gzip_header(std::string_view path, std::int64_t modified) {
  auto const slash = path.rfind('/');
  auto const base = slash == std::string_view::npos ? path : path.substr(slash + 1);
  std::string header("\x1f\x8b\x08\x18", 4);  // deflate; with a name and a comment
  put(header, static_cast<std::uint32_t>(modified));
  header += '\0';
  header += '\xff';  // system: unknown
  header += gzip_text(base);
  header += '\0';
  header += gzip_text(path);
  header += '\0';
  return header;
}

}  // namespace

std::string gzip_text(std::string_view name) {
  bool const plain = std::all_of(name.begin(), name.end(),
                                 [](char c) { return c > 0 && c != '%'; });
  return plain ? std::string(name) : "e:" + net::percent_encode(name);
}

gzip_source::gzip_source(asio::any_io_executor loop, net::blocking_pool& pool,
                         std::shared_ptr<archive_plan const> plan)
    : loop_(std::move(loop)), pool_(pool), plan_(std::move(plan)) {}

awaitable<bool> gzip_source::begin(archive_entry const& listed) {
  struct look {
    archive_entry now;
    int error = 0;
  };
  auto describe = [plan = plan_, path = listed.path] {
    look seen;
    if (!describe_entry(plan->root, path, seen.now)) seen.error = errno;
    return seen;
  };
  auto const seen = co_await net::on_pool(pool_, std::move(describe));
  if (seen.error != 0) {
    warnings_.push_back("File ignored: " + system_message("lstat", listed.path, seen.error));
    co_return true;
  }
  if (!seen.now.is_regular()) {
    failure_ = fmt::format("the \"{}\" is not a regular file", listed.path);
    co_return false;
  }
  current_ = std::make_unique<member_stream>(loop_, pool_, plan_, member_stream::packing::deflate);
  bool const opened = co_await current_->open(plan_->root + "/" + listed.path, listed.path);
  failure_ = current_->failure();
  if (opened) out_ += gzip_header(listed.path, current_->modified());
  co_return opened;
}

awaitable<bool> gzip_source::produce() {
  if (!current_) {
    if (next_ < plan_->entries.size()) co_return co_await begin(plan_->entries[next_++]);
    finished_ = true;
    co_return true;
  }
  bool const more = co_await current_->next(out_);
  failure_ = current_->failure();
  if (!more) co_return false;
  if (!current_->ended()) co_return true;
  put(out_, current_->crc());
  put(out_, static_cast<std::uint32_t>(current_->size()));
  current_.reset();
  co_return true;
}

raw_source::raw_source(asio::any_io_executor loop, net::blocking_pool& pool,
                       std::shared_ptr<archive_plan const> plan)
    : plan_(plan), content_(std::move(loop), pool, plan, member_stream::packing::store) {}

awaitable<bool> raw_source::produce() {
  if (plan_->entries.size() != 1) {
    failure_ = "only one file can be sent as raw";
    co_return false;
  }
  if (!opened_) {
    auto const& path = plan_->entries.front().path;
    opened_ = co_await content_.open(plan_->root + "/" + path, path);
    failure_ = content_.failure();
    co_return opened_;
  }
  bool const more = co_await content_.next(out_);
  failure_ = content_.failure();
  finished_ = content_.ended();
  co_return more;
}

}  // namespace corunner::exec
