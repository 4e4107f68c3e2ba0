#include "runner/artifact/upload_policy.hpp"

#include <algorithm>
#include <string>

namespace corunner {

upload_result result_of(int status) {
  switch (status) {
    case 201: return upload_result::stored;
    case 403: return upload_result::forbidden;
    case 413: return upload_result::too_large;
    case 503: return upload_result::unavailable;
    default: return upload_result::refused;
  }
}

log_level level_of(int status) {
  switch (result_of(status)) {
    case upload_result::stored: return log_level::info;
    case upload_result::refused: return status == 307 ? log_level::error : log_level::warning;
    default: return log_level::error;
  }
}

std::string_view final_words(upload_result how) {
  switch (how) {
    case upload_result::forbidden: return "permission denied";
    case upload_result::too_large: return "too large";
    case upload_result::unavailable: return "service unavailable";
    case upload_result::refused: return "upload failed with no response from coordinator";
    default: return "";
  }
}

std::optional<std::chrono::milliseconds> next_upload(upload_result how, int tries) {
  if (how == upload_result::forbidden || how == upload_result::too_large) return std::nullopt;
  int const most = how == upload_result::unavailable ? 6 : 3;
  if (tries >= most) return std::nullopt;
  return std::chrono::seconds(std::min(1 << (tries - 1), 5));
}

std::string upload_name(std::string_view name, std::string_view format) {
  while (name.size() > 1 && name.ends_with('/')) name.remove_suffix(1);
  auto const slash = name.rfind('/');
  if (slash != std::string_view::npos && name != "/") name.remove_prefix(slash + 1);
  std::string const base(name.empty() || name == "." ? "default" : name);
  if (format == "gzip") return base + ".gz";
  if (format == "tarzstd") return base + ".tar.zst";
  if (format == "raw") return base;
  return base + ".zip";
}

}  // namespace corunner
