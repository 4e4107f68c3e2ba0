#include "runner/observe/gzip.hpp"

#include <libdeflate.h>

#include <cstdlib>
#include <memory>
#include <new>

namespace corunner {

namespace {

constexpr int quick = 1;

std::string_view trimmed(std::string_view text) {
  auto const begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

}  // namespace

bool takes_gzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    auto const one = accept_encoding.substr(0, accept_encoding.find(','));
    accept_encoding.remove_prefix(std::min(one.size() + 1, accept_encoding.size()));
    auto const end = one.find(';');
    if (trimmed(one.substr(0, end)) != "gzip") continue;
    auto const weight = end == std::string_view::npos ? "" : trimmed(one.substr(end + 1));
    return !weight.starts_with("q=") ||
           std::strtod(std::string(weight.substr(2)).c_str(), nullptr) > 0;
  }
  return false;
}

// The packer is some hundred kilobytes: it is not kept between two scrapes.
std::string in_gzip(std::string_view text) {
  std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> const with(
      libdeflate_alloc_compressor(quick), libdeflate_free_compressor);
  if (!with) throw std::bad_alloc();
  std::string packed(libdeflate_gzip_compress_bound(with.get(), text.size()), '\0');
  packed.resize(libdeflate_gzip_compress(with.get(), text.data(), text.size(), packed.data(),
                                         packed.size()));
  return packed;
}

}  // namespace corunner
