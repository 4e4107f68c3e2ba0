#pragma once

#include "config/failure.hpp"
#include "exec/autoscale/oci_challenge.hpp"
#include "exec/autoscale/oci_manifest.hpp"
#include "exec/engine/docker_config.hpp"
#include "net/http_client.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace corunner::exec {

// Takes the bytes of a blob. begin() and write() return why it cannot go on, or nothing; what was
// taken before begin() is void.
class blob_sink {
 public:
  virtual ~blob_sink() = default;
  virtual awaitable<std::string> begin() = 0;
  virtual awaitable<std::string> write(std::string_view bytes) = 0;
  // Of what was taken: who keeps the bytes, off the loop, sums them there. Once, at the end.
  virtual std::string digest() = 0;
};

// Reads from a container registry.
//
// A registry that asks who we are gets `login` as it wants: HTTP's basic authentication, or a token
// of its token server (nobody's, without a login); other hosts that a redirect leads to get
// nothing. https, but a registry on loopback that does not speak TLS is asked in plain text, as
// docker does. Refused and broken requests are made up to three times; each has its deadline on the
// client's time source. What was asked for by digest has it. Failures are lower case texts that
// name the registry. Wire: OCI distribution specification 1.1 (GET /v2/NAME/manifests/...,
// /v2/NAME/blobs/...); tokens as docker's registry documentation has them (spec/auth/token.md,
// oauth2.md).
class oci_registry {
 public:
  // `host` as in a reference: "registry.example.com:5000". Client and time source outlive it.
  oci_registry(net::http_client& http, net::time_source& time, std::string host,
               std::optional<registry_login> login);

  // The document that a tag or a digest names.
  awaitable<config::outcome<std::string>> manifest(std::string repository, std::string reference);
  // Why not, or nothing.
  awaitable<std::string> blob(std::string repository, oci_descriptor what, blob_sink& into);

 private:
  struct wish {
    std::string repository;
    std::string path;  // below the repository: "manifests/latest"
    std::string accept;
    bool large = false;  // takes its time
  };
  struct reply {
    std::optional<net::http_response> response;
    std::string failure;
    error_code error;      // when no answer came
    bool passing = false;  // another try may help
  };

  awaitable<reply> get(wish what);
  awaitable<reply> get_once(wish const& what);
  awaitable<reply> send(wish const& what);
  awaitable<reply> exchange(net::http_request request, std::string shown);
  awaitable<reply> judge(net::http_response response, wish const& what);
  // How to go on: without a failure there is an authorization_.
  awaitable<reply> answer(std::vector<oci_challenge> challenges, std::string repository);
  awaitable<reply> fetch_token(oci_challenge challenge, std::string repository);
  awaitable<reply> write_to(net::http_response& from, oci_descriptor const& what, blob_sink& into);
  std::string who() const;

  net::http_client& http_;
  net::time_source& time_;
  std::string host_;
  std::optional<registry_login> login_;
  std::string scheme_;  // "https" until a loopback registry turns out to be a plain one
  bool may_be_plain_;   // a loopback registry that has not answered yet
  std::string authorization_;  // what the last challenge led to
};

// An answer that another try may change: too many requests, or a server in trouble.
bool is_passing(int status);

// localhost, 127.0.0.0/8 and ::1, with or without a port.
bool is_loopback_registry(std::string_view host);

}  // namespace corunner::exec
