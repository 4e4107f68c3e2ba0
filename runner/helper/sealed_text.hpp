#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace corunner {

using seal_key = std::array<unsigned char, 32>;

// Random bytes for keys. Throws when OpenSSL has none.
seal_key random_seal_key();

// `text` encrypted and authenticated (ChaCha20-Poly1305 under a random nonce), as one word of
// base64.
std::string seal(seal_key const& key, std::string_view text);

// The reverse; nothing for what this key has not sealed, or what is damaged.
std::optional<std::string> unseal(seal_key const& key, std::string_view word);

// SHA-256 as 64 hexadecimal digits.
std::string hex_sha256(std::string_view text);

}  // namespace corunner
