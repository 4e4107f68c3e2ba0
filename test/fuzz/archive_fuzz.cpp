// Feeds arbitrary bytes to the readers of zip and tar.zst.
//
// Beyond not crashing: nothing is written outside of the directory, and no member gives more bytes
// than it declares.
#include "exec/archive/tar_extract.hpp"
#include "exec/archive/unpack_member.hpp"
#include "exec/archive/zip_directory.hpp"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

using namespace corunner::exec;
namespace fs = std::filesystem;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// "<base>/w" is the directory to unpack into; "<base>" must hold nothing else.
fs::path const& base() {
  static fs::path const made = [] {
    auto name = (fs::temp_directory_path() / "archive-fuzz-XXXXXX").string();
    require(::mkdtemp(name.data()) != nullptr);
    return fs::path(name);
  }();
  return made;
}

void unpack_zip(input_file const& file) {
  std::string failure;
  for (auto const& member : read_zip_directory(file, failure)) {
    std::uint64_t size = 0;
    unpack_member(file, member, [&](std::string_view bytes) {
      size += bytes.size();
      require(size <= member.size);
      return size < 1'000'000;
    });
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto const root = base() / "w";
  fs::create_directory(root);
  auto const archive = base() / "w" / "archive";
  std::ofstream(archive, std::ios::binary)
      .write(reinterpret_cast<char const*>(data), static_cast<std::streamsize>(size));
  std::string failure;
  auto const file = input_file::open(archive.string(), "archive", failure);
  require(file.has_value());
  unpack_zip(*file);
  extract_tar_zstd(*file, root.string(), unpack_budget());
  require(std::distance(fs::directory_iterator(base()), fs::directory_iterator()) == 1);
  std::error_code ec;
  fs::remove_all(root, ec);
  return 0;
}
