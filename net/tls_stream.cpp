#include "net/tls_stream.hpp"

#include "net/certificate_chain.hpp"
#include "net/error.hpp"
#include "net/event.hpp"
#include "net/tls_error.hpp"

#include <boost/asio/ip/address.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <utility>

namespace corunner::net {
namespace {

constexpr std::size_t small_read = 4 * 1024;   // what a quiet connection keeps
constexpr std::size_t large_read = 64 * 1024;  // while data flows
constexpr std::size_t record = 16 * 1024;

struct ssl_deleter {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

class tls_stream final : public stream {
 public:
  tls_stream(std::unique_ptr<stream> lower, ssl_context context, asio::any_io_executor executor)
      : lower_(std::move(lower)),
        context_(std::move(context)),
        ssl_(SSL_new(context_.get())),
        in_(BIO_new(BIO_s_mem())),
        out_(BIO_new(BIO_s_mem())),
        flushed_(std::move(executor)) {
    BIO_set_mem_eof_return(in_, -1);  // an empty buffer means: not yet
    BIO_set_mem_eof_return(out_, -1);
    SSL_set_bio(ssl_.get(), in_, out_);
  }

  void be_client(std::string host, std::string* explanation) {
    SSL_set_connect_state(ssl_.get());
    SSL_set_app_data(ssl_.get(), explanation);
    SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER, &note_verification);
    // As Go's: the subject is no place for a host name.
    SSL_set_hostflags(ssl_.get(),
                      X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    if (host.ends_with('.')) host.pop_back();
    error_code not_numeric;
    asio::ip::make_address(host, not_numeric);
    if (not_numeric) {
      SSL_set_tlsext_host_name(ssl_.get(), host.c_str());
      SSL_set1_host(ssl_.get(), host.c_str());
    } else {
      X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host.c_str());
    }
  }
  // It does not outlive the dial.
  void forget_explanation() { SSL_set_app_data(ssl_.get(), nullptr); }
  void be_server() { SSL_set_accept_state(ssl_.get()); }

  awaitable<error_code> handshake() {
    while (true) {
      ERR_clear_error();
      int const done = SSL_do_handshake(ssl_.get());
      int const wants = SSL_get_error(ssl_.get(), done);
      error_code const why = done == 1 || wants == SSL_ERROR_WANT_READ
                                 ? error_code()
                                 : handshake_error(SSL_get_verify_result(ssl_.get()));
      error_code const sent = co_await flush();  // also the alert that tells the peer why
      if (why) co_return why;
      if (sent) co_return sent;
      if (done == 1) co_return error_code();
      if (error_code const ec = co_await feed()) co_return ec == asio::error::eof ? cut_off() : ec;
    }
  }

  awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
    while (true) {
      ERR_clear_error();
      std::size_t size = 0;
      int const done = SSL_read_ex(ssl_.get(), into.data(), into.size(), &size);
      if (done == 1) co_return size;
      int const wants = SSL_get_error(ssl_.get(), done);
      if (wants == SSL_ERROR_ZERO_RETURN) co_return error_code(asio::error::eof);
      if (wants != SSL_ERROR_WANT_READ) co_return openssl_error();
      // What OpenSSL answers by itself (a key update) leaves with our write, or now.
      if (!flushing_ && BIO_pending(out_) > 0) {
        if (error_code const ec = co_await flush()) co_return ec;
      }
      if (error_code const ec = co_await feed()) co_return ec == asio::error::eof ? cut_off() : ec;
    }
  }

  awaitable<error_code> write(asio::const_buffer bytes) override {
    while (bytes.size() > 0) {
      ERR_clear_error();
      std::size_t size = 0;
      if (SSL_write_ex(ssl_.get(), bytes.data(), std::min(bytes.size(), record), &size) != 1) {
        co_return openssl_error();
      }
      if (error_code const ec = co_await flush()) co_return ec;
      bytes += size;
    }
    co_return error_code();
  }

  awaitable<error_code> shutdown_write() override {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    if (error_code const ec = co_await flush()) co_return ec;
    co_return co_await lower_->shutdown_write();
  }

  void close() noexcept override { lower_->close(); }

  bool quiet() const override {
    return SSL_has_pending(ssl_.get()) == 0 && BIO_pending(in_) == 0 && lower_->quiet();
  }

  std::string peer() const override { return lower_->peer(); }

  std::string peer_certificates() const override {
    auto* const chain = SSL_get0_verified_chain(ssl_.get());
    std::string pem;
    for (int i = 0; chain && i < sk_X509_num(chain); ++i) {
      if (i > 0) pem += '\n';
      pem += pem_of(sk_X509_value(chain, i));
    }
    return pem;
  }

 private:
  // Called for every certificate of the peer's chain; what it returns decides.
  static int note_verification(int good, X509_STORE_CTX* verification) {
    auto const* const ssl = static_cast<SSL*>(
        X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* const explanation = static_cast<std::string*>(SSL_get_app_data(ssl));
    if (!good && explanation) *explanation = verification_text(verification);
    return good;
  }

  static error_code cut_off() { return asio::error::connection_reset; }

  // Sends what OpenSSL has written; one at a time, the others wait and then send the rest.
  awaitable<error_code> flush() {
    while (flushing_) {
      flushed_.reset();
      if (error_code const ec = co_await flushed_.wait()) co_return ec;
    }
    while (BIO_pending(out_) > 0) {
      std::string bytes(static_cast<std::size_t>(BIO_pending(out_)), '\0');
      BIO_read(out_, bytes.data(), static_cast<int>(bytes.size()));
      flushing_ = true;
      error_code const ec = co_await lower_->write(asio::buffer(bytes));
      flushing_ = false;
      flushed_.set();
      if (ec) co_return ec;
    }
    co_return error_code();
  }

  // Gets more bytes for OpenSSL.
  awaitable<error_code> feed() {
    std::string bytes(read_size_, '\0');
    auto const got = co_await lower_->read_some(asio::buffer(bytes));
    if (!got) co_return got.error();
    read_size_ = *got == bytes.size() ? large_read : small_read;
    BIO_write(in_, bytes.data(), static_cast<int>(*got));
    co_return error_code();
  }

  std::unique_ptr<stream> lower_;
  ssl_context context_;
  std::unique_ptr<SSL, ssl_deleter> ssl_;
  BIO* in_;   // ciphertext from the peer; owned by ssl_
  BIO* out_;  // ciphertext for the peer; owned by ssl_
  std::size_t read_size_ = small_read;
  bool flushing_ = false;
  event flushed_;
};

}  // namespace

awaitable<result<std::unique_ptr<stream>>> tls_connect(std::unique_ptr<stream> lower,
                                                       ssl_context context, std::string host,
                                                       std::string* explanation) {
  auto made = std::make_unique<tls_stream>(std::move(lower), std::move(context),
                                           co_await asio::this_coro::executor);
  made->be_client(std::move(host), explanation);
  if (error_code const ec = co_await made->handshake()) co_return ec;
  made->forget_explanation();
  co_return std::move(made);
}

awaitable<result<std::unique_ptr<stream>>> tls_accept(std::unique_ptr<stream> lower,
                                                      ssl_context context) {
  auto made = std::make_unique<tls_stream>(std::move(lower), std::move(context),
                                           co_await asio::this_coro::executor);
  made->be_server();
  if (error_code const ec = co_await made->handshake()) co_return ec;
  co_return std::move(made);
}

}  // namespace corunner::net
