#pragma once

#include "net/asio.hpp"

#include <boost/asio/buffer.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corunner::net {

// Header fields in order; names compare without case, a name may stand several times.
class http_fields {
 public:
  using field = std::pair<std::string, std::string>;

  http_fields() = default;
  http_fields(std::initializer_list<field> fields) : fields_(fields) {}

  void add(std::string_view name, std::string_view value);
  // Replaces every field of that name.
  void set(std::string_view name, std::string_view value);
  void erase(std::string_view name);
  // The first value of that name.
  std::optional<std::string_view> find(std::string_view name) const;
  std::string_view get(std::string_view name, std::string_view otherwise = {}) const;
  bool contains(std::string_view name) const { return find(name).has_value(); }

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  std::size_t size() const { return fields_.size(); }

 private:
  std::vector<field> fields_;
};

// Bytes that are produced while they are sent.
class body_source {
 public:
  virtual ~body_source() = default;
  // Fills a part of `into`; 0 is the end.
  virtual awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) = 0;
};

// A request body that can be sent again: `open` starts it anew for every attempt. A missing length
// means chunked transfer. A default-constructed body is no body at all.
struct http_body {
  std::optional<std::uint64_t> length;
  std::function<std::unique_ptr<body_source>()> open;

  explicit operator bool() const { return static_cast<bool>(open); }
  static http_body of(std::string bytes);
};

}  // namespace corunner::net
