#include "runner/observe/retry_log.hpp"

#include <fmt/format.h>

namespace corunner {

void log_retry(logger const& log, std::string_view method, std::string_view url,
               std::chrono::milliseconds pause, std::string_view refused) {
  if (!refused.empty()) {
    log.warning("Couldn't parse retry after header",
                {{"error", fmt::format("strconv.Atoi: parsing \"{}\": invalid syntax", refused)},
                 {"header", "Retry-After"},
                 {"headerValue", refused}});
  }
  log.info("Waiting before making the next call",
           {{"context", "ratelimit-requester-gitlab-request"},
            {"duration", pause},
            {"method", method},
            {"url", url}});
}

}  // namespace corunner
