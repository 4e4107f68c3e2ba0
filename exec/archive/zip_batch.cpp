#include "exec/archive/zip_batch.hpp"

#include "exec/archive/compress.hpp"
#include "exec/archive/crc32.hpp"
#include "exec/archive/input_file.hpp"

#include <unistd.h>

#include <cerrno>

namespace corunner::exec {
namespace {

constexpr std::size_t batch_members = 256;
constexpr std::uint64_t batch_bytes = 1 << 20;

struct packer {
  archive_plan const& plan;
  zip_batch made;

  void header(archive_entry const& entry, zip_record const& record) {
    made.bytes += zip_local_header(entry, record);
  }

  void add_directory(archive_entry const& entry, zip_record record) {
    header(entry, record);
    made.records.push_back(record);
  }

  void add_link(archive_entry const& entry, zip_record record) {
    auto const path = plan.root + "/" + entry.path;
    std::string target(4096, '\0');
    auto const length = ::readlink(path.c_str(), target.data(), target.size());
    if (length < 0) {
      made.failure = system_message("readlink", path, errno);
      return;
    }
    target.resize(static_cast<std::size_t>(length));
    record.size = record.packed = target.size();
    record.crc = crc32(target);
    header(entry, record);
    made.bytes += target;
    made.records.push_back(record);
  }

  // Stored when packing does not make it smaller.
  std::string pack(std::string raw, zip_record& record) const {
    bool const zstd = plan.format == archive_format::zip_zstd;
    if (raw.empty() || (!zstd && plan.level == compression_level::fastest)) return raw;
    if (!may_shrink(raw)) return raw;
    auto packed = zstd ? zstd_frame(raw, plan.level) : deflate_whole(raw, plan.level);
    if (packed.size() >= raw.size()) return raw;
    record.method = zstd ? zip_method::zstd : zip_method::deflate;
    return packed;
  }

  void add_file(archive_entry const& entry, zip_record record) {
    auto const path = plan.root + "/" + entry.path;
    auto const file = input_file::open(path, path, made.failure);
    if (!file) return;
    auto raw =
        file->read(0, std::min<std::uint64_t>(file->size(), zip_large_file) + 1, made.failure);
    if (!raw) return;
    if (raw->size() > zip_large_file || raw->size() > file->size()) {
      made.grown.push_back(record.entry);
      return;
    }
    record.crc = crc32(*raw);
    record.size = raw->size();
    auto const data = pack(std::move(*raw), record);
    record.packed = data.size();
    header(entry, record);
    made.bytes += data;
    made.bytes += zip_descriptor(record);
    made.records.push_back(record);
  }
};

}  // namespace

bool is_large_file(archive_entry const& entry) {
  return entry.is_regular() && entry.size > zip_large_file;
}

std::size_t end_of_batch(archive_plan const& plan, std::size_t first) {
  std::uint64_t bytes = 0;
  auto last = first;
  while (last < plan.entries.size() && !is_large_file(plan.entries[last])) {
    if (last - first == batch_members || bytes > batch_bytes) break;
    bytes += plan.entries[last].is_regular() ? plan.entries[last].size : 0;
    ++last;
  }
  return last;
}

zip_batch pack_batch(archive_plan const& plan, std::size_t first, std::size_t last) {
  packer at{plan, {}};
  for (auto i = first; i < last && at.made.failure.empty(); ++i) {
    auto const& entry = plan.entries[i];
    zip_record record;
    record.entry = i;
    record.offset = at.made.bytes.size();
    if (entry.is_directory()) {
      at.add_directory(entry, record);
    } else if (entry.is_link()) {
      at.add_link(entry, record);
    } else if (entry.is_regular()) {
      at.add_file(entry, record);
    }
  }
  return std::move(at.made);
}

}  // namespace corunner::exec
