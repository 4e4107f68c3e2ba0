#include "runner/cache/gocloud.hpp"

#include "runner/cache/store_client.hpp"

#include <fmt/format.h>

namespace corunner {

std::string gocloud_refusal(std::string_view url) {
  return fmt::format(
      "open blob.Bucket: no driver registered for \"{}\" for URL \"{}\": this helper takes presigned "
      "URLs only",
      url.substr(0, url.find("://")), clean_url(url));
}

}  // namespace corunner
