#include "config/choices.hpp"
#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array s3_cache_keys{
    value<&s3_cache::server_address>("ServerAddress", "Host[:port] of an S3 compatible server",
        {.flag = "cache-s3-server-address", .variable = "CACHE_S3_SERVER_ADDRESS", .unset = "AWS"}),
    value<&s3_cache::access_key>("AccessKey", "Static access key id",
        {"cache-s3-access-key", "CACHE_S3_ACCESS_KEY"}),
    value<&s3_cache::secret_key>("SecretKey", "Static secret key",
        {"cache-s3-secret-key", "CACHE_S3_SECRET_KEY"}),
    value<&s3_cache::session_token>("SessionToken", "Session token of temporary credentials",
        {"cache-s3-session-token", "CACHE_S3_SESSION_TOKEN"}),
    value<&s3_cache::bucket_name>("BucketName", "Bucket",
        {"cache-s3-bucket-name", "CACHE_S3_BUCKET_NAME"}),
    value<&s3_cache::bucket_location>("BucketLocation", "Region",
        {"cache-s3-bucket-location", "CACHE_S3_BUCKET_LOCATION"}),
    value<&s3_cache::insecure>("Insecure", "Use http instead of https",
        {"cache-s3-insecure", "CACHE_S3_INSECURE"}),
    value<&s3_cache::authentication_type>("AuthenticationType",
        "Access-key or iam, any letter case; another value = no client",
        {.flag = "cache-s3-authentication_type", .variable = "CACHE_S3_AUTHENTICATION_TYPE",
         .unset = "access-key if ServerAddress, AccessKey and SecretKey are all set, else iam"}),
    value<&s3_cache::server_side_encryption>("ServerSideEncryption",
        "S3/AES256, KMS/aws:kms or DSSE-KMS/aws:kms:dsse, any letter case; unknown = warning and "
        "none",
        {.flag = "cache-s3-server-side-encryption", .variable = "CACHE_S3_SERVER_SIDE_ENCRYPTION",
         .unset = "none"}),
    value<&s3_cache::server_side_encryption_key_id>("ServerSideEncryptionKeyID",
        "KMS key id, alias or ARN",
        {"cache-s3-server-side-encryption-key-id", "CACHE_S3_SERVER_SIDE_ENCRYPTION_KEY_ID"}),
    value<&s3_cache::dual_stack>("DualStack",
        "Use IPv4+IPv6 AWS end points; ignored with ServerAddress",
        {.flag = "cache-s3-dual-stack", .variable = "CACHE_S3_DUAL_STACK", .unset = "true"}),
    value<&s3_cache::path_style>("PathStyle", "Force path style or virtual host style",
        {.flag = "cache-s3-path-style", .variable = "CACHE_S3_PATH_STYLE",
         .unset = "auto by server address"}),
    value<&s3_cache::accelerate>("Accelerate", "Use S3 transfer acceleration",
        {"cache-s3-accelerate", "CACHE_S3_ACCELERATE"}),
    value<&s3_cache::role_arn>("RoleARN",
        "Role assumed to hand out narrow credentials; enables multipart",
        {"cache-s3-role-arn", "CACHE_S3_ROLE_ARN"}),
    value<&s3_cache::upload_role_arn>("UploadRoleARN", "Older upload-only form of RoleARN",
        {.flag = "cache-s3-upload-role-arn", .variable = "CACHE_S3_UPLOAD_ROLE_ARN",
         .deprecated = true}),
    value<&s3_cache::assume_role_max_concurrency>("AssumeRoleMaxConcurrency",
        "Parallel AssumeRole calls",
        {.flag = "cache-s3-assume-role-max-concurrency",
         .variable = "CACHE_S3_ASSUME_ROLE_MAX_CONCURRENCY", .unset = "5 (when 0); -1 = unlimited",
         .write = writing::always}),
    value<&s3_cache::disable_assume_role_credentials_caching>("DisableAssumeRoleCredentialsCaching",
        "Do not reuse assumed credentials in memory",
        {"cache-s3-disable-assume-role-credentials-caching",
         "CACHE_S3_DISABLE_ASSUME_ROLE_CREDENTIALS_CACHING"}),
};

constexpr std::array gcs_cache_keys{
    value<&gcs_cache::access_id>("AccessID", "Service account e-mail",
        {"cache-gcs-access-id", "CACHE_GCS_ACCESS_ID"}),
    value<&gcs_cache::private_key>("PrivateKey", "PEM private key of the account",
        {"cache-gcs-private-key", "CACHE_GCS_PRIVATE_KEY"}),
    value<&gcs_cache::credentials_file>("CredentialsFile",
        "JSON key file; wins over AccessID and PrivateKey",
        {"cache-gcs-credentials-file", "GOOGLE_APPLICATION_CREDENTIALS"}),
    value<&gcs_cache::bucket_name>("BucketName", "Bucket",
        {"cache-gcs-bucket-name", "CACHE_GCS_BUCKET_NAME"}),
    value<&gcs_cache::universe_domain>("UniverseDomain", "API domain of the cloud universe",
        {.flag = "cache-gcs-universe-domain", .variable = "CACHE_GCS_UNIVERSE_DOMAIN",
         .unset = "googleapis.com"}),
};

constexpr std::array azure_cache_keys{
    value<&azure_cache::account_name>("AccountName", "Storage account",
        {"cache-azure-account-name", "CACHE_AZURE_ACCOUNT_NAME"}),
    value<&azure_cache::account_key>("AccountKey", "Account key",
        {.flag = "cache-azure-account-key", .variable = "CACHE_AZURE_ACCOUNT_KEY",
         .unset = "use managed identity"}),
    value<&azure_cache::container_name>("ContainerName", "Blob container",
        {"cache-azure-container-name", "CACHE_AZURE_CONTAINER_NAME"}),
    value<&azure_cache::storage_domain>("StorageDomain", "Domain of the storage end point",
        {.flag = "cache-azure-storage-domain", .variable = "CACHE_AZURE_STORAGE_DOMAIN",
         .unset = "blob.core.windows.net"}),
};

constexpr std::array cache_settings_keys{
    value<&cache_settings::type>("Type", "Storage back end: s3, gcs or azure",
        {.flag = "cache-type", .variable = "CACHE_TYPE", .unset = "no remote cache",
         .choices = cache_type_choices}),
    value<&cache_settings::path>("Path", "Prefix put before every object name",
        {"cache-path", "CACHE_PATH"}),
    value<&cache_settings::shared>("Shared",
        "Leave the runner token out of the object path so runners share caches",
        {"cache-shared", "CACHE_SHARED"}),
    value<&cache_settings::max_uploaded_archive_size>("MaxUploadedArchiveSize",
        "Largest archive uploaded, in bytes",
        {.flag = "cache-max_uploaded_archive_size",
         .variable = "CACHE_MAXIMUM_UPLOADED_ARCHIVE_SIZE", .unset = "no limit",
         .write = writing::always}),
    optional_table<&cache_settings::s3>("s3", "S3 settings", s3_cache_section),
    optional_table<&cache_settings::gcs>("gcs", "Google Cloud Storage settings", gcs_cache_section),
    optional_table<&cache_settings::azure>("azure", "Azure Blob settings", azure_cache_section),
};

}  // namespace

constinit section const s3_cache_section{s3_cache_keys};
constinit section const gcs_cache_section{gcs_cache_keys};
constinit section const azure_cache_section{azure_cache_keys};
constinit section const cache_settings_section{cache_settings_keys};

}  // namespace corunner::config
