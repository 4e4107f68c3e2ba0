#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace corunner::coordinator {

// `prefix` and `length` random characters of [A-Za-z0-9_-] (runners-api.md 3).
std::string make_token(std::string_view prefix, std::size_t length = 20);
// Random hexadecimal digits.
std::string make_hex(std::size_t digits);
// A UUID of version 7: 48 bits of time, the rest random.
std::string make_uuid(std::int64_t milliseconds_since_epoch);

// SHA-256 in hexadecimal: what is stored of a token, and the digest of an artifact. Looking a token
// up by its hash compares no secret byte by byte.
std::string sha256(std::string_view text);

// The same over data that comes in parts.
class sha256_stream {
 public:
  sha256_stream();
  ~sha256_stream();
  sha256_stream(sha256_stream const&) = delete;
  void update(std::string_view bytes);
  std::string finish();

 private:
  ::evp_md_ctx_st* context_;
};

}  // namespace corunner::coordinator
