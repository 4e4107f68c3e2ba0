#include "runner/cache/cache_archiver.hpp"

#include "config/atomic_file.hpp"
#include "exec/archive/input_file.hpp"
#include "runner/artifact/chosen_files.hpp"
#include "runner/cache/archive_files.hpp"
#include "runner/cache/cache_upload.hpp"
#include "runner/cache/env_file.hpp"
#include "runner/cache/metadata.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace corunner {
namespace {

constexpr std::size_t piece = 256 << 10;

// The formats of caches; what is none of them is a zip.
exec::archive_format format_of(std::string name) {
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (name == "tarzstd") return exec::archive_format::tar_zstd;
  if (name == "zipzstd") return exec::archive_format::zip_zstd;
  return exec::archive_format::zip;
}

class archiver {
 public:
  archiver(artifact_context& context, cache_archiver_options options)
      : context_(context), options_(std::move(options)) {}

  awaitable<int> run();

 private:
  int fail(std::string const& why) {
    context_.log.fatal(why);
    return 1;
  }
  std::string read_metadata();
  void take_alternate();
  bool is_up_to_date(std::vector<exec::archive_entry> const& entries);
  awaitable<std::string> make_archive(std::vector<exec::archive_entry> entries);
  awaitable<std::string> fill(exec::archive_source& from, staged_file& into);
  awaitable<int> upload_existing();
  awaitable<int> upload();

  artifact_context& context_;
  cache_archiver_options options_;
};

// What the runner says of the cache stands in the file that the script wrote, for us alone.
std::string archiver::read_metadata() {
  if (options_.metadata || options_.transfer.env_file.empty()) return {};
  auto const file = config::read_file(options_.transfer.env_file);
  if (!file) {
    context_.log.debug("failed to read env file: " + file.error().message);
    return {};
  }
  auto const variables = parse_env_file(file->bytes);
  auto const found = variables.find("CACHE_METADATA");
  if (found == variables.end()) return {};
  std::string failure;
  options_.metadata = parse_metadata(found->second, failure);
  return failure.empty() ? failure : "CACHE_METADATA in the env file: " + failure;
}

// A cache that was kept under the other scheme of keys moves to this one.
void archiver::take_alternate() {
  std::string failure;
  auto const& from = options_.alternate_file;
  if (modified_at(options_.file, failure)) return;
  bool const there = !from.empty() && modified_at(from, failure);
  if (!failure.empty()) context_.log.warning(failure);
  if (!there) return;
  auto why = make_directory_of(options_.file);
  if (why.empty() && std::rename(from.c_str(), options_.file.c_str()) != 0) {
    why = exec::system_message("rename", from + " " + options_.file, errno);
  }
  if (why.empty()) {
    context_.log.info("Renamed alternate cache file to primary");
  } else {
    context_.log.warning(why);
  }
}

bool archiver::is_up_to_date(std::vector<exec::archive_entry> const& entries) {
  std::string failure;
  auto const made = modified_at(options_.file, failure);
  if (!failure.empty()) context_.log.warning(failure);
  return made && !any_younger(entries, *made);
}

awaitable<std::string> archiver::fill(exec::archive_source& from, staged_file& into) {
  std::string buffer(piece, '\0');
  std::string why;
  for (std::uint64_t done = 0; why.empty();) {
    auto const got = co_await from.read_some(asio::buffer(buffer));
    if (!got) co_return from.failure().empty() ? got.error().message() : from.failure();
    if (*got == 0) break;
    why = co_await into.write(context_.pool, done, std::string_view(buffer).substr(0, *got));
    done += *got;
  }
  co_return why;
}

awaitable<std::string> archiver::make_archive(std::vector<exec::archive_entry> entries) {
  if (auto why = make_directory_of(options_.file); !why.empty()) co_return why;
  remove_abandoned(options_.file, context_.time.wall_now());
  staged_file archive(directory_of(options_.file), hidden_archive("archive_"));
  if (!archive.ok()) co_return archive.failure();
  auto const plan =
      plan_archive(context_, std::move(entries), format_of(options_.compression_format),
                   options_.compression_level);
  auto const loop = co_await asio::this_coro::executor;
  auto const source = pack(loop, context_, plan);
  auto why = co_await fill(*source, archive);
  for (auto const& each : source->warnings()) context_.log.warning(each);
  if (why.empty()) why = archive.publish(options_.file);
  if (why.empty()) {
    why = co_await write_metadata(context_.pool, options_.file,
                                  options_.metadata.value_or(cache_metadata()));
  }
  co_return why;
}

awaitable<int> archiver::upload() {
  cache_upload to_store(context_, options_);
  auto const why = co_await to_store.run();
  co_return why.empty() ? 0 : fail(why);
}

// Nothing changed here; the store may still lack the archive, e.g. since the scheme of keys
// changed.
awaitable<int> archiver::upload_existing() {
  if (options_.file == options_.alternate_file) {
    context_.log.info("Archive is up to date!");
    co_return 0;
  }
  cache_upload to_store(context_, options_);
  bool const there = co_await to_store.is_there();
  if (there) {
    context_.log.info("Primary cache already exists remotely, skipping upload");
    co_return 0;
  }
  context_.log.info("Primary cache does not exist remotely, uploading existing archive");
  co_return co_await upload();
}

awaitable<int> archiver::run() {
  if (options_.file.empty()) co_return fail("Missing --file");
  if (auto const why = check_sizes(options_.transfer); !why.empty()) co_return fail(why);
  if (auto const why = read_metadata(); !why.empty()) context_.log.warning(why);
  take_alternate();
  file_choice const choice{options_.paths, options_.excludes, options_.untracked};
  auto const selection = co_await choose_files(context_, choice);
  auto entries = selection.entries();
  if (entries.empty()) {
    context_.log.warning("No files to cache.");
    co_return 0;
  }
  if (is_up_to_date(entries)) co_return co_await upload_existing();
  if (auto const why = co_await make_archive(std::move(entries)); !why.empty()) {
    co_return fail(why);
  }
  co_return co_await upload();
}

}  // namespace

awaitable<int> archive_cache(artifact_context& context, cache_archiver_options options) {
  archiver one(context, std::move(options));
  co_return co_await one.run();
}

}  // namespace corunner
