#include "runner/coordinator/rate_limits.hpp"

namespace corunner::coordinator {

namespace {

// Tokens that are counted in a period; those beyond, which only an attack has, share one count.
constexpr std::size_t most_tokens = 10'000;

}  // namespace

std::optional<exceeded_limit> rate_limits::count(std::string_view endpoint, std::string_view token,
                                                 std::int64_t now) {
  auto const found = limits_.find(endpoint);
  if (found == limits_.end()) return std::nullopt;
  auto& limit = found->second;
  auto const begin = now - now % limit.period;
  if (begin != limit.begin) {
    limit.begin = begin;
    limit.counts.clear();
  }
  auto counted = limit.counts.find(token);
  if (counted == limit.counts.end()) {
    if (limit.counts.size() >= most_tokens) token = {};
    counted = limit.counts.try_emplace(std::string(token)).first;
  }
  if (++counted->second <= limit.requests) return std::nullopt;
  return exceeded_limit{limit.requests, counted->second, begin + limit.period};
}

}  // namespace corunner::coordinator
