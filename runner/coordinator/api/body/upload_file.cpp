#include "runner/coordinator/api/body/upload_file.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace corunner::coordinator {

upload_file::upload_file(net::blocking_pool& pool, std::filesystem::path directory)
    : pool_(pool), path_(directory / ("upload-" + make_hex(16))) {
  file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file_ < 0) failed_ = {errno, boost::system::system_category()};
}

upload_file::~upload_file() {
  if (file_ >= 0) ::close(file_);
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove(path_, ignored);
}

error_code upload_file::store(std::string_view bytes) {
  digest_.update(bytes);
  while (!bytes.empty()) {
    auto const written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return {errno, boost::system::system_category()};
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

awaitable<error_code> upload_file::write(std::string bytes) {
  if (failed_) co_return failed_;
  size_ += bytes.size();
  // The pool's work runs to its end even when we are cancelled; nothing may go away under it.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  auto work = [this, moved = std::move(bytes)] { return store(moved); };
  failed_ = co_await net::on_pool(pool_, std::move(work));
  co_return failed_;
}

std::string upload_file::digest() {
  if (file_ >= 0) ::close(std::exchange(file_, -1));
  return digest_.finish();
}

error_code upload_file::keep(std::filesystem::path const& as) {
  std::error_code failed;
  std::filesystem::create_directories(as.parent_path(), failed);
  if (!failed) std::filesystem::rename(path_, as, failed);
  if (failed) return {failed.value(), boost::system::system_category()};
  path_.clear();
  return {};
}

}  // namespace corunner::coordinator
