#include "exec/archive/unpacker.hpp"

#include "exec/archive/zip_format.hpp"

#include <boost/beast/zlib/inflate_stream.hpp>

#include <zstd.h>

#include <new>

namespace corunner::exec {
namespace {

namespace zlib = boost::beast::zlib;

constexpr std::size_t room = 256 << 10;

class store_unpacker final : public unpacker {
 public:
  std::string feed(std::string_view packed, taker const& take) override {
    take(packed);
    return {};
  }
  bool complete() const override { return true; }
};

class deflate_unpacker final : public unpacker {
 public:
  std::string feed(std::string_view packed, taker const& take) override {
    zlib::z_params state;
    state.next_in = packed.data();
    state.avail_in = packed.size();
    while (!ended_) {
      state.next_out = out_.data();
      state.avail_out = out_.size();
      boost::beast::error_code ec;
      stream_.write(state, zlib::Flush::sync, ec);
      if (ec == zlib::error::end_of_stream) {
        ended_ = true;
      } else if (ec && ec != zlib::error::need_buffers) {
        return "flate: corrupt input";
      }
      auto const size = out_.size() - state.avail_out;
      if (size > 0 && !take(std::string_view(out_).substr(0, size))) return {};
      if (size == 0 && state.avail_in == 0) return {};
      if (size == 0 && ec == zlib::error::need_buffers) return {};
    }
    return {};
  }
  bool ended() const override { return ended_; }
  bool complete() const override { return ended_; }

 private:
  zlib::inflate_stream stream_;
  std::string out_ = std::string(room, '\0');
  bool ended_ = false;
};

class zstd_unpacker final : public unpacker {
 public:
  zstd_unpacker() : context_(ZSTD_createDCtx()) {
    if (!context_) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, 31);
  }

  std::string feed(std::string_view packed, taker const& take) override {
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    while (true) {
      ZSTD_outBuffer out{out_.data(), out_.size(), 0};
      auto const left = ZSTD_decompressStream(context_.get(), &out, &in);
      if (ZSTD_isError(left)) return std::string("zstd: ") + ZSTD_getErrorName(left);
      at_frame_end_ = left == 0;
      if (out.pos > 0 && !take(std::string_view(out_).substr(0, out.pos))) return {};
      // A full buffer may mean that there is more to come out, but not at the end of a frame.
      if (in.pos == in.size && (at_frame_end_ || out.pos < out.size)) return {};
    }
  }
  bool complete() const override { return at_frame_end_; }

 private:
  struct freer {
    void operator()(ZSTD_DCtx* made) const { ZSTD_freeDCtx(made); }
  };
  std::unique_ptr<ZSTD_DCtx, freer> context_;
  std::string out_ = std::string(room, '\0');
  bool at_frame_end_ = true;
};

}  // namespace

std::unique_ptr<unpacker> make_unpacker(std::uint16_t method) {
  switch (static_cast<zip_method>(method)) {
    case zip_method::store: return std::make_unique<store_unpacker>();
    case zip_method::deflate: return std::make_unique<deflate_unpacker>();
    case zip_method::zstd: return std::make_unique<zstd_unpacker>();
  }
  return nullptr;
}

std::unique_ptr<unpacker> make_zstd_unpacker() { return std::make_unique<zstd_unpacker>(); }

}  // namespace corunner::exec
