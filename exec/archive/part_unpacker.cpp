#include "exec/archive/compress.hpp"
#include "exec/archive/inflate.hpp"
#include "exec/archive/unpacker.hpp"

#include <algorithm>
#include <optional>

namespace corunner::exec {
namespace {

// How every part ends that is followed by another: with a block of no bytes without compression.
constexpr std::string_view part_end{"\x00\x00\xFF\xFF", 4};
// Parts that are larger are unpacked as any other stream.
constexpr std::size_t largest_packed = 4 << 20;
constexpr std::size_t largest = 4 << 20;
// So often the bytes of an end may come up inside of a part.
constexpr int most_tries = 20;

class part_unpacker final : public unpacker {
 public:
  std::string feed(std::string_view packed, taker const& take) override {
    if (given_up_) return {};
    waiting_ += packed;
    while (auto const part = next_part()) {
      std::size_t size = 0;
      if (!unpack(*part, size)) continue;
      if (!take(std::string_view(out_).substr(0, size))) return {};
    }
    given_up_ = given_up_ || waiting_.size() > largest_packed;
    return {};
  }
  bool ended() const override { return given_up_; }
  bool complete() const override { return !given_up_ && waiting_ == deflate_end; }

 private:
  // How long the next one may be.
  std::optional<std::size_t> next_part() {
    if (given_up_) return std::nullopt;
    auto const at = waiting_.find(part_end, searched_);
    if (at == std::string::npos) {
      searched_ = waiting_.size() - std::min(waiting_.size(), part_end.size() - 1);
      return std::nullopt;
    }
    searched_ = at + 1;
    return at + part_end.size();
  }

  // With an end of its own in place of what follows.
  bool unpack(std::size_t part, std::size_t& size) {
    out_.resize(largest);
    auto const alone = waiting_.substr(0, part).append(deflate_end);
    if (inflate(alone, out_, size) != inflate_end::whole) {
      given_up_ = ++tries_ == most_tries;
      return false;
    }
    waiting_.erase(0, part);
    searched_ = 0;
    tries_ = 0;
    return true;
  }

  std::string waiting_;  // from the begin of a part on
  std::size_t searched_ = 0;
  std::string out_;
  int tries_ = 0;
  bool given_up_ = false;
};

}  // namespace

std::unique_ptr<unpacker> make_part_unpacker() { return std::make_unique<part_unpacker>(); }

}  // namespace corunner::exec
