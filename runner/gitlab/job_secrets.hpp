#pragma once

#include <map>
#include <optional>
#include <string>

namespace corunner::gitlab {

// The `secrets` of a job: where a value is kept and how to ask for it (protocol.md 3.7).

struct vault_secret {
  struct auth_method {
    std::string name;
    std::string path;
    std::map<std::string, std::string> data;  // jwt, role, ...; other JSON types as their text
    bool operator==(auth_method const&) const = default;
  };
  struct vault_server {
    std::string url;
    std::string namespace_;
    auth_method auth;
    bool operator==(vault_server const&) const = default;
  };
  struct secret_engine {
    std::string name;
    std::string path;
    bool operator==(secret_engine const&) const = default;
  };
  vault_server server;
  secret_engine engine;
  std::string path;
  std::string field;
  bool operator==(vault_secret const&) const = default;
};

struct gcp_secret {
  struct gcp_server {
    std::string project_number;
    std::string workload_identity_federation_pool_id;
    std::string workload_identity_federation_provider_id;
    std::string jwt;
    bool operator==(gcp_server const&) const = default;
  };
  std::string name;
  std::string version;
  gcp_server server;
  bool operator==(gcp_secret const&) const = default;
};

struct azure_secret {
  struct azure_server {
    std::string client_id;
    std::string tenant_id;
    std::string jwt;
    std::string url;
    bool operator==(azure_server const&) const = default;
  };
  std::string name;
  std::string version;
  azure_server server;
  bool operator==(azure_secret const&) const = default;
};

struct aws_secret {
  struct aws_server {
    std::string region;
    std::string jwt;
    std::string role_arn;
    std::string role_session_name;
    bool operator==(aws_server const&) const = default;
  };
  std::string secret_id;
  std::string version_id;
  std::string version_stage;
  std::string field;
  std::string region;
  std::string role_arn;
  std::string role_session_name;
  aws_server server;
  bool operator==(aws_secret const&) const = default;
};

struct native_secret {
  struct inline_auth_method {
    std::string path;
    std::string jwt;
    std::string role;
    std::string auth_mount;
    bool operator==(inline_auth_method const&) const = default;
  };
  struct native_server {
    std::string url;
    inline_auth_method inline_auth;
    bool operator==(native_server const&) const = default;
  };
  native_server server;
  vault_secret::secret_engine engine;
  std::string path;
  std::string field;
  bool operator==(native_secret const&) const = default;
};

// One secret; at most one provider is set, none when the server uses one that we do not know.
struct job_secret {
  std::optional<vault_secret> vault;
  std::optional<gcp_secret> gcp_secret_manager;
  std::optional<azure_secret> azure_key_vault;
  std::optional<aws_secret> aws_secrets_manager;
  std::optional<native_secret> gitlab_secrets_manager;
  std::optional<bool> file;  // absent means true: the value goes into a file
  bool operator==(job_secret const&) const = default;
};

}  // namespace corunner::gitlab
