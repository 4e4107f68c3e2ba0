#include "runner/artifact/repetition.hpp"

#include <charconv>
#include <ctime>
#include <string>

namespace corunner {
namespace {

constexpr int most_requests = 5;

bool is_repeated(int status) {
  switch (status) {
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504: return true;
    default: return status >= 512;
  }
}

std::optional<std::chrono::milliseconds> until_reset(net::http_fields const& answer,
                                                     net::time_source::wall_time now) {
  auto const when = parse_http_date(answer.get("RateLimit-ResetTime"));
  if (!when || *when <= now) return std::nullopt;
  return std::chrono::ceil<std::chrono::milliseconds>(*when - now);
}

std::optional<std::chrono::milliseconds> retry_after(net::http_fields const& answer) {
  auto const text = answer.get("Retry-After");
  int seconds = 0;
  auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (ec != std::errc() || end != text.data() + text.size() || seconds <= 0) return std::nullopt;
  return std::chrono::seconds(seconds);
}

}  // namespace

std::optional<net::time_source::wall_time> parse_http_date(std::string_view text) {
  std::tm when{};
  std::string const copy(text);
  auto const* const end = ::strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &when);
  if (!end || *end != '\0') return std::nullopt;
  return std::chrono::system_clock::from_time_t(::timegm(&when));
}

repetition::repetition(std::uint64_t seed) : pause_(net::back_off::options(), seed) {}

std::optional<std::chrono::milliseconds> repetition::after(int status, net::http_fields const& answer,
                                                           net::time_source::wall_time now) {
  if (!is_repeated(status) || ++sent_ == most_requests) return std::nullopt;
  if (auto const pause = until_reset(answer, now)) return pause;
  if (auto const pause = retry_after(answer)) return pause;
  return pause_.next();
}

}  // namespace corunner
