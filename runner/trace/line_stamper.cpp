#include "runner/trace/line_stamper.hpp"

#include <fmt/format.h>

#include <chrono>

namespace corunner {

namespace {

constexpr std::size_t longest_waiting = 8192;
constexpr std::size_t kept_capacity = 512;  // of an idle stream; there are many

void clear(std::string& text) {
  if (text.capacity() > kept_capacity) {
    std::string().swap(text);  // an assignment would keep the memory
  } else {
    text.clear();
  }
}

}  // namespace

std::string trace_time(net::time_source::wall_time when) {
  using namespace std::chrono;
  auto const micros = floor<microseconds>(when);
  auto const day = floor<days>(micros);
  year_month_day const date(day);
  hh_mm_ss const clock(micros - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

line_stamper::line_stamper(bool enabled, stream_name stream, net::time_source const& time,
                           byte_sink& next)
    : enabled_(enabled), stream_(stream), time_(time), next_(next) {}

void line_stamper::put(std::string_view bytes) {
  if (!enabled_) {
    out_.append(bytes);
    return;
  }
  while (!bytes.empty()) {
    auto const feed = bytes.find('\n');
    if (feed == std::string_view::npos) break;
    if (line_.empty()) {
      begin_line(out_);
    } else {
      out_.append(line_);
      clear(line_);
    }
    out_.append(bytes.substr(0, feed + 1));
    bytes.remove_prefix(feed + 1);
    continues_ = false;
    saw_return_ = false;
  }
  if (bytes.empty()) return;
  if (line_.empty()) begin_line(line_);
  line_.append(bytes);
  saw_return_ = saw_return_ || bytes.find('\r') != std::string_view::npos;
}

void line_stamper::end_write() {
  if (saw_return_ || line_.size() > longest_waiting) {
    flush_line();
    continues_ = true;
  }
  header_.clear();
  if (out_.empty()) return;
  next_.put(out_);
  clear(out_);
}

void line_stamper::finish() {
  if (!line_.empty()) flush_line();
  continues_ = false;
  end_write();
}

void line_stamper::begin_line(std::string& into) {
  if (header_.empty()) {
    header_ = fmt::format("{} {:02x}{}", trace_time(time_.wall_now()), stream_.id, stream_.channel);
  }
  into.append(header_);
  into += continues_ ? '+' : ' ';
}

void line_stamper::flush_line() {
  out_.append(line_);
  out_ += '\n';
  clear(line_);
  saw_return_ = false;
}

}  // namespace corunner
