#include "runner/helper/mask_store.hpp"

#include "exec/process/spawn.hpp"
#include "runner/helper/sealed_text.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace corunner {
namespace {

using exec::owned_fd;
namespace fs = std::filesystem;

constexpr std::string_view database_name = "masking.db";
// More than any job masks; what is behind it is not read.
constexpr std::int64_t most_bytes = 64 * 1024 * 1024;

error_code last_error() { return {errno, boost::system::system_category()}; }

error_code write_all(int file, std::string_view text) {
  while (!text.empty()) {
    auto const written = ::write(file, text.data(), text.size());
    if (written < 0 && errno != EINTR) return last_error();
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::string read_from(int file, std::int64_t at, std::int64_t most = most_bytes) {
  std::string out;
  char buffer[16 * 1024];
  while (static_cast<std::int64_t>(out.size()) < most) {
    auto const left = static_cast<std::size_t>(most) - out.size();
    auto const got = ::pread(file, buffer, std::min(sizeof buffer, left), at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    out.append(buffer, static_cast<std::size_t>(got));
    at += got;
  }
  return out;
}

std::string_view text_of(seal_key const& key) {
  return {reinterpret_cast<char const*>(key.data()), key.size()};
}

seal_key combined(std::string_view one, std::string_view other) {
  seal_key key{};
  for (std::size_t i = 0; i != key.size(); ++i) {
    key[i] = static_cast<unsigned char>(one[i]) ^ static_cast<unsigned char>(other[i]);
  }
  return key;
}

constexpr std::size_t key_size = std::tuple_size_v<seal_key>;
constexpr std::int64_t half_size = key_size;  // of each file, before what it holds besides

}  // namespace

// The database, opened and with its lock. A file system that knows no locks does without.
struct mask_store::locked_file {
  owned_fd file;
  struct stat facts{};

  static result<locked_file> open(fs::path const& path, int flags, mode_t mode, int lock) {
    locked_file made;
    made.file = owned_fd(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, mode));
    if (!made.file) return last_error();
    while (::flock(made.file.get(), lock) != 0 && errno == EINTR) {
    }
    if (::fstat(made.file.get(), &made.facts) != 0) return last_error();
    return made;
  }
};

mask_store::mask_store(options how)
    : how_(std::move(how)),
      database_(how_.directory / database_name),
      key_file_(how_.directory / ("runner" + hex_sha256(database_.string()))) {}

error_code mask_store::open() {
  std::error_code failed;
  fs::create_directories(how_.directory, failed);
  if (failed) return {failed.value(), boost::system::system_category()};
  auto database = locked_file::open(database_, O_RDWR | O_CREAT | O_APPEND, 0600, LOCK_EX);
  if (database.has_error()) return database.error();
  if (database->facts.st_size >= half_size && !read_key(*database)) return {};
  return begin(*database);
}

// Makes both halves of the key anew. The database is empty then: what it held nobody can read.
error_code mask_store::begin(locked_file const& database) {
  auto const file = database.file.get();
  auto const ours = random_seal_key();
  auto const theirs = random_seal_key();
  auto const made = key_file_.string() + ".new";
  ::unlink(made.c_str());
  {
    owned_fd const other(::open(made.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!other) return last_error();
    if (auto const failed = write_all(other.get(), text_of(theirs))) return failed;
    if (how_.for_all_users && ::fchmod(other.get(), 0644) != 0) return last_error();
  }
  if (::rename(made.c_str(), key_file_.c_str()) != 0) return last_error();
  if (::ftruncate(file, 0) != 0) return last_error();
  if (auto const failed = write_all(file, text_of(ours))) return failed;
  if (how_.for_all_users) ::fchmod(file, 0666);  // may be another's, who has done so then
  take_key(combined(text_of(ours), text_of(theirs)));
  return {};
}

error_code mask_store::read_key(locked_file const& database) {
  owned_fd const other(::open(key_file_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!other) return last_error();
  auto const theirs = read_from(other.get(), 0, half_size);
  auto const ours = read_from(database.file.get(), 0, half_size);
  if (theirs.size() != key_size || ours.size() != key_size) {
    return make_error_code(boost::system::errc::bad_message);
  }
  take_key(combined(ours, theirs));
  return {};
}

// Another key is another database, to be read from its beginning.
void mask_store::take_key(seal_key const& key) {
  if (key_ == key) return;
  key_ = key;
  read_ = half_size;
}

error_code mask_store::add(std::string_view value) {
  auto const open_it = [&] { return locked_file::open(database_, O_RDWR | O_APPEND, 0, LOCK_EX); };
  auto database = open_it();
  if (!database || read_key(*database)) {
    // Removed since, or never made.
    if (auto const failed = open()) return failed;
    database = open_it();
    if (!database) return database.error();
    if (auto const failed = read_key(*database)) return failed;
  }
  // A line that a crash tore has no end.
  auto const file = database->file.get();
  auto const size = database->facts.st_size;
  bool const torn = size > half_size && read_from(file, size - 1) != "\n";
  return write_all(file, (torn ? "\n" : "") + seal(*key_, value) + '\n');
}

std::vector<std::string> mask_store::news() {
  struct stat facts{};
  if (::stat(database_.c_str(), &facts) != 0) return {};
  stamp const now{facts.st_ino, facts.st_size,
                  facts.st_mtim.tv_sec * std::int64_t{1'000'000'000} + facts.st_mtim.tv_nsec};
  if (now == seen_) return {};
  auto const database = locked_file::open(database_, O_RDONLY, 0, LOCK_SH);
  if (!database || read_key(*database)) return {};

  seen_ = now;
  std::vector<std::string> found;
  auto const text = read_from(database->file.get(), read_);
  std::string_view left = text;
  for (auto end = left.find('\n'); end != std::string_view::npos; end = left.find('\n')) {
    if (auto value = unseal(*key_, left.substr(0, end))) found.push_back(std::move(*value));
    left.remove_prefix(end + 1);
    read_ += static_cast<std::int64_t>(end) + 1;
  }
  return found;
}

}  // namespace corunner
