#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace corunner::coordinator {

// A request too many, as the headers of its answer tell it.
struct exceeded_limit {
  std::int64_t requests = 0;  // allowed
  std::int64_t observed = 0;
  std::int64_t reset_at = 0;  // milliseconds since 1970: when the next period begins
};

// How often an endpoint (as faults name it) may be called with the same token in a period
// (runners-api.md 5.10). There is no limit until a test sets one.
class rate_limits {
 public:
  // `requests` in each period of so many milliseconds.
  void set(std::string endpoint, std::int64_t requests, std::int64_t period) {
    limits_.insert_or_assign(std::move(endpoint), limit{requests, period, 0, {}});
  }
  void clear() { limits_.clear(); }
  bool any() const { return !limits_.empty(); }

  // Counts a request; nothing: it may pass.
  std::optional<exceeded_limit> count(std::string_view endpoint, std::string_view token,
                                      std::int64_t now);

 private:
  struct limit {
    std::int64_t requests = 0;
    std::int64_t period = 0;
    std::int64_t begin = 0;  // of the period that `counts` are of
    std::map<std::string, std::int64_t, std::less<>> counts;  // by token
  };
  std::map<std::string, limit, std::less<>> limits_;
};

}  // namespace corunner::coordinator
