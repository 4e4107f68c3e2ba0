#include "runner/command/local_cache.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <span>

namespace corunner {

namespace fs = std::filesystem;

namespace {

fs::path caches_of_user(config::environment const& variables) {
  fs::path const named = variables("XDG_CACHE_HOME").value_or("");
  if (named.is_absolute()) return named;
  fs::path const home = variables("HOME").value_or("");
  return home.is_absolute() ? home / ".cache" : fs::path();
}

// "project-1a2b3c4d5e6f7a8b": for people, and different for each place.
std::string name_of(fs::path const& place) {
  constexpr std::size_t enough = 8;  // bytes
  auto const text = place.string();
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<unsigned char const*>(text.data()), text.size(), digest);
  return fmt::format("{}-{:02x}", place.filename().string(),
                     fmt::join(std::span(digest).first(enough), ""));
}

}  // namespace

fs::path local_cache_directory(config::environment const& variables, fs::path const& repository,
                               fs::path const& otherwise) {
  auto const base = caches_of_user(variables);
  std::error_code ec;
  auto place = fs::canonical(repository, ec);
  if (base.empty() || ec) return otherwise;
  return base / "corunner" / "local" / name_of(place);
}

}  // namespace corunner
