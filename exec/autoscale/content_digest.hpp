#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace corunner::exec {

// The name by which a registry keeps content: "sha256:" and 64 hexadecimal digits. Others than
// SHA-256 are not supported.
bool is_content_digest(std::string_view text);

// Makes it of content that comes in pieces. Throws when OpenSSL has no SHA-256.
class content_digest {
 public:
  content_digest();
  void update(std::string_view bytes);
  // Once, at the end.
  std::string finish();

 private:
  struct freer {
    void operator()(evp_md_ctx_st* made) const;
  };
  std::unique_ptr<evp_md_ctx_st, freer> context_;
};

std::string digest_of(std::string_view bytes);

}  // namespace corunner::exec
