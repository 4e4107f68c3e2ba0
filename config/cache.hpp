#pragma once

#include "config/boxed.hpp"
#include "config/duration.hpp"
#include "config/field_types.hpp"
#include "config/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::config {

// [runners.cache.s3]
struct s3_cache : open_table {
  std::string server_address;
  secret access_key;
  secret secret_key;
  secret session_token;
  std::string bucket_name;
  std::string bucket_location;
  bool insecure = false;
  std::string authentication_type;
  std::string server_side_encryption;
  std::string server_side_encryption_key_id;
  std::optional<bool> dual_stack;
  std::optional<bool> path_style;
  bool accelerate = false;
  std::string role_arn;
  std::string upload_role_arn;
  std::int64_t assume_role_max_concurrency = 0;
  bool disable_assume_role_credentials_caching = false;

  bool operator==(s3_cache const&) const = default;
};

// [runners.cache.gcs]
struct gcs_cache : open_table {
  std::string access_id;
  secret private_key;
  std::string credentials_file;
  std::string bucket_name;
  std::string universe_domain;

  bool operator==(gcs_cache const&) const = default;
};

// [runners.cache.azure]
struct azure_cache : open_table {
  std::string account_name;
  secret account_key;
  std::string container_name;
  std::string storage_domain;

  bool operator==(azure_cache const&) const = default;
};

// [runners.cache]
struct cache_settings : open_table {
  std::string type;
  std::string path;
  bool shared = false;
  std::int64_t max_uploaded_archive_size = 0;
  boxed<s3_cache> s3;
  boxed<gcs_cache> gcs;
  boxed<azure_cache> azure;

  bool operator==(cache_settings const&) const = default;
};

}  // namespace corunner::config
