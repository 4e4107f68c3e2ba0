#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace corunner::exec {

// Unpacks a stream piece by piece, in a fixed amount of memory.
class unpacker {
 public:
  using taker = std::function<bool(std::string_view)>;
  virtual ~unpacker() = default;

  // Hands what `packed` gives to `take`, until that returns false. Returns why not, or nothing.
  virtual std::string feed(std::string_view packed, taker const& take) = 0;
  // The stream says that it is over; what follows is not part of it.
  virtual bool ended() const { return false; }
  // It may end here.
  virtual bool complete() const = 0;
};

// For a method of zip (store, deflate, zstd); null for one that we do not know.
std::unique_ptr<unpacker> make_unpacker(std::uint16_t zip_method);
// For a deflate stream whose parts were made alone, as deflate_part() makes them: several times
// faster, and never complete() for any other. What it gave until then is right all the same.
std::unique_ptr<unpacker> make_part_unpacker();
// Frames of zstd, one after the other, with windows of any size up to 2 GiB.
std::unique_ptr<unpacker> make_zstd_unpacker();

}  // namespace corunner::exec
