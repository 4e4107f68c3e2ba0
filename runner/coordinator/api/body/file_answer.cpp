#include "runner/coordinator/api/body/file_answer.hpp"

#include "runner/coordinator/api/dispatch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>

namespace corunner::coordinator {

namespace {

constexpr std::size_t piece = 256 * 1024;

class open_file {
 public:
  explicit open_file(std::filesystem::path const& path)
      : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~open_file() {
    if (file_ >= 0) ::close(file_);
  }
  open_file(open_file const&) = delete;
  explicit operator bool() const { return file_ >= 0; }

  std::uint64_t size() const {
    struct ::stat about {};
    return ::fstat(file_, &about) == 0 ? static_cast<std::uint64_t>(about.st_size) : 0;
  }
  std::string read(std::uint64_t offset, std::size_t count) const {
    std::string bytes(count, '\0');
    auto const got = ::pread(file_, bytes.data(), count, static_cast<off_t>(offset));
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }

 private:
  int file_;
};

struct byte_range {
  std::uint64_t first = 0;
  std::uint64_t end = 0;  // past the last
  bool partial = false;
  bool satisfiable = true;
};

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// One range alone; anything else is ignored, as RFC 9110 allows.
byte_range read_range(std::string_view field, std::uint64_t size) {
  byte_range all{0, size};
  if (!field.starts_with("bytes=")) return all;
  field.remove_prefix(6);
  auto const dash = field.find('-');
  if (dash == std::string_view::npos) return all;
  auto const first = number(field.substr(0, dash));
  auto const last = number(field.substr(dash + 1));
  if (!first && !last) return all;
  if (!first) return {size - std::min(size, *last), size, true};
  if (*first >= size) return {0, 0, false, false};
  if (!last && dash + 1 < field.size()) return all;
  return {*first, last ? std::min(size, *last + 1) : size, true};
}

}  // namespace

awaitable<void> send_file(net::blocking_pool& pool, net::http_exchange& exchange,
                          file_answer what) {
  auto const file = std::make_shared<open_file>(what.path);
  if (!*file) {
    co_await send(exchange, not_found());
    co_return;
  }
  auto const size = std::min(file->size(), what.size.value_or(file->size()));
  auto const range = read_range(exchange.fields.get("Range"), size);
  if (!range.satisfiable) {
    co_await send(exchange, error_reply(416, "416 Range Not Satisfiable")
                                .with("Content-Range", fmt::format("bytes */{}", size)));
    co_return;
  }
  auto fields =
      standard_fields(exchange, {{"Content-Type", what.content_type}, {"Accept-Ranges", "bytes"}});
  if (!what.filename.empty()) {
    fields.set("Content-Disposition", fmt::format("attachment; filename=\"{}\"", what.filename));
  }
  if (range.partial) {
    fields.set("Content-Range", fmt::format("bytes {}-{}/{}", range.first, range.end - 1, size));
  }
  if (co_await exchange.begin(range.partial ? 206 : 200, fields, range.end - range.first)) {
    co_return;
  }
  for (auto at = range.first; at < range.end;) {
    auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(piece, range.end - at));
    auto work = [file, at, count] { return file->read(at, count); };
    auto const bytes = co_await net::on_pool(pool, std::move(work));
    // A file that became shorter cannot keep the promise of its length.
    if (bytes.empty()) co_return exchange.drop();
    if (co_await exchange.write(bytes)) co_return;
    at += bytes.size();
  }
  co_await exchange.finish();
}

}  // namespace corunner::coordinator
