#include "net/tls_context.hpp"

#include "net/error.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace corunner::net {
namespace {

namespace fs = std::filesystem;

// Where distributions keep their roots. A directory with hash links is read certificate by
// certificate when one is needed, so it costs no memory; a bundle is loaded whole.
constexpr std::array root_directories = {"/etc/ssl/certs", "/etc/pki/tls/certs",
                                         "/system/etc/security/cacerts"};
constexpr std::array root_bundles = {"/etc/ssl/certs/ca-certificates.crt",
                                     "/etc/pki/tls/certs/ca-bundle.crt",
                                     "/etc/ssl/ca-bundle.pem",
                                     "/etc/pki/tls/cacert.pem",
                                     "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                                     "/etc/ssl/cert.pem"};

bool is_hash_link(std::string const& name) {
  return name.size() == 10 && name.ends_with(".0") &&
         std::all_of(name.begin(), name.begin() + 8, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool has_hash_links(char const* directory) {
  std::error_code ec;
  fs::directory_iterator all(directory, ec);
  return !ec && std::any_of(begin(all), end(all), [](fs::directory_entry const& entry) {
    return is_hash_link(entry.path().filename().string());
  });
}

// The value of a variable that is set to something.
char const* variable(char const* name) {
  auto const* const value = std::getenv(name);
  return value && *value ? value : nullptr;
}

// The directories of SSL_CERT_DIR: by their hash links, else every file in them.
void add_directories(SSL_CTX* context, std::string_view list) {
  while (!list.empty()) {
    auto const size = std::min(list.find(':'), list.size());
    std::string const directory(list.substr(0, size));
    list.remove_prefix(std::min(size + 1, list.size()));
    if (has_hash_links(directory.c_str())) {
      SSL_CTX_load_verify_dir(context, directory.c_str());
      continue;
    }
    std::error_code ec;
    for (fs::directory_iterator next(directory, ec), end; !ec && next != end; next.increment(ec)) {
      SSL_CTX_load_verify_file(context, next->path().c_str());
    }
  }
}

// As Go: SSL_CERT_FILE stands for the bundle and SSL_CERT_DIR for the directories, each alone.
void add_system_roots(SSL_CTX* context) {
  auto const* const file = variable("SSL_CERT_FILE");
  auto const* const directories = variable("SSL_CERT_DIR");
  bool complete = file && SSL_CTX_load_verify_file(context, file) == 1;
  if (directories) add_directories(context, directories);
  for (auto const* const candidate : root_directories) {
    if (directories || !has_hash_links(candidate)) continue;
    complete |= SSL_CTX_load_verify_dir(context, candidate) == 1;
  }
  for (auto const* const candidate : root_bundles) {
    if (complete || file) return;
    complete = SSL_CTX_load_verify_file(context, candidate) == 1;
  }
}

using warning = std::function<void(std::string const&)>;

bool is_there(fs::path const& file) { return !file.empty() && ::access(file.c_str(), F_OK) == 0; }

void add_authorities(SSL_CTX* context, fs::path const& file, warning const& warn) {
  if (!is_there(file)) return;
  if (::access(file.c_str(), R_OK) != 0) {
    if (warn) warn(fmt::format("Failed to load {}, ignoring", file.string()));
  } else if (SSL_CTX_load_verify_file(context, file.c_str()) != 1) {
    if (warn) warn(fmt::format("Failed to parse PEM in {}", file.string()));
  }
}

void add_client_pair(SSL_CTX* context, tls_options const& options, warning const& warn) {
  if (!is_there(options.certificate_file) || !is_there(options.key_file)) return;
  auto const* const certificate = options.certificate_file.c_str();
  auto const* const key = options.key_file.c_str();
  if (SSL_CTX_use_certificate_chain_file(context, certificate) == 1 &&
      SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1 &&
      SSL_CTX_check_private_key(context) == 1) {
    return;
  }
  SSL_CTX_use_certificate(context, nullptr);
  if (warn) warn(fmt::format("Failed to parse client certificate pair {}, {}", certificate, key));
}

std::string stamp_of(fs::path const& file) {
  struct stat info {};
  if (file.empty() || ::stat(file.c_str(), &info) != 0) return {};
  return fmt::format("{}.{}/{}/{}", info.st_mtim.tv_sec, info.st_mtim.tv_nsec, info.st_size,
                     info.st_ino);
}

}  // namespace

tls_stamps stamps_of(tls_options const& options) {
  return {stamp_of(options.ca_file), stamp_of(options.certificate_file),
          stamp_of(options.key_file)};
}

result<ssl_context> make_client_context(tls_options const& options, warning const& warn) {
  ssl_context context(SSL_CTX_new(TLS_client_method()), ssl_context_deleter());
  if (!context) return error_code(errc::tls_failed);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  // As Go: what is in the file is trusted, also an intermediate or the server's own certificate.
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context.get()), X509_V_FLAG_PARTIAL_CHAIN);
  add_system_roots(context.get());
  add_authorities(context.get(), options.ca_file, warn);
  add_client_pair(context.get(), options, warn);
  ERR_clear_error();
  return context;
}

result<ssl_context> tls_context_cache::get(tls_options const& options) {
  auto stamps = stamps_of(options);
  auto& known = entries_[options];
  if (known.context && known.stamps == stamps) return known.context;
  auto made = make_client_context(options, warn);
  if (!made) return made.error();
  known = {std::move(*made), std::move(stamps)};
  return known.context;
}

}  // namespace corunner::net
