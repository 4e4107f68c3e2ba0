#include "config/time_zone.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace corunner::config {

namespace {

constexpr std::array directories{"/usr/share/zoneinfo", "/usr/share/lib/zoneinfo",
                                 "/usr/lib/locale/TZ", "/etc/zoneinfo"};
constexpr std::size_t largest_file = 64 * 1024;
constexpr std::int64_t forever = std::int64_t{1} << 60;

// Takes numbers from the front of a zone file, most significant byte first.
class byte_reader {
 public:
  explicit byte_reader(std::string_view bytes) : rest_(bytes) {}

  bool has(std::size_t count) const { return rest_.size() >= count; }
  std::string_view take(std::size_t count) {
    auto const part = rest_.substr(0, count);
    rest_.remove_prefix(part.size());
    return part;
  }
  std::int64_t number(std::size_t size) {
    std::uint64_t value = 0;
    auto const part = take(size);
    for (unsigned char const c : part) value = value << 8 | c;
    if (size == 4) return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
    return static_cast<std::int64_t>(value);
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

struct zone_header {
  char version = 0;
  std::size_t utc_marks = 0, standard_marks = 0, leaps = 0, times = 0, types = 0, letters = 0;

  std::size_t body(std::size_t time_size) const {
    return times * (time_size + 1) + types * 6 + letters + leaps * (time_size + 4) +
           standard_marks + utc_marks;
  }
};

std::optional<zone_header> take_header(byte_reader& from) {
  if (!from.has(44) || from.take(4) != "TZif") return std::nullopt;
  zone_header made;
  made.version = from.take(1).front();
  from.take(15);
  for (auto* const count : {&made.utc_marks, &made.standard_marks, &made.leaps, &made.times,
                            &made.types, &made.letters}) {
    auto const value = from.number(4);
    if (value < 0 || static_cast<std::size_t>(value) > largest_file) return std::nullopt;
    *count = static_cast<std::size_t>(value);
  }
  return made;
}

// A name that stays within the directory of zones.
bool is_zone_name(std::string_view name) {
  return !name.empty() && name.front() != '/' && name.find("..") == std::string_view::npos &&
         name.find('\\') == std::string_view::npos;
}

std::optional<time_zone> read_zone(std::filesystem::path const& file, zone_files const& files) {
  auto const bytes = files.read(file);
  return bytes ? time_zone::parse(*bytes) : std::nullopt;
}

}  // namespace

zone_files host_zone_files() {
  return {[](std::string_view name) -> std::optional<std::string> {
            char const* const value = std::getenv(std::string(name).c_str());
            return value ? std::optional<std::string>(value) : std::nullopt;
          },
          [](std::filesystem::path const& file) -> std::optional<std::string> {
            std::error_code ec;
            if (!std::filesystem::is_regular_file(file, ec)) return std::nullopt;
            if (std::filesystem::file_size(file, ec) > largest_file || ec) return std::nullopt;
            std::ifstream in(file, std::ios::binary);
            if (!in) return std::nullopt;
            return std::string(std::istreambuf_iterator<char>(in), {});
          }};
}

std::optional<time_zone> time_zone::parse(std::string_view bytes) {
  byte_reader in(bytes);
  auto header = take_header(in);
  if (!header) return std::nullopt;
  std::size_t time_size = 4;
  if (header->version >= '2') {  // the same again with longer times
    if (!in.has(header->body(4))) return std::nullopt;
    in.take(header->body(4));
    header = take_header(in);
    if (!header) return std::nullopt;
    time_size = 8;
  }
  if (!in.has(header->body(time_size)) || header->types == 0) return std::nullopt;
  time_zone made;
  for (std::size_t i = 0; i < header->times; ++i) {
    made.transitions_.push_back({in.number(time_size), 0});
  }
  auto const kinds = in.take(header->times);
  std::vector<std::int64_t> offsets;
  for (std::size_t i = 0; i < header->types; ++i) {
    offsets.push_back(in.number(4));
    in.take(2);
  }
  for (std::size_t i = 0; i < header->times; ++i) {
    auto const kind = static_cast<unsigned char>(kinds[i]);
    if (kind >= offsets.size()) return std::nullopt;
    made.transitions_[i].seconds = offsets[kind];
  }
  made.first_ = offsets.front();
  in.take(header->letters + header->leaps * (time_size + 4) + header->standard_marks +
          header->utc_marks);
  auto footer = in.rest();
  if (time_size == 8 && footer.starts_with('\n')) {
    footer.remove_prefix(1);
    made.after_ = zone_rule::parse(footer.substr(0, footer.find('\n')));
  }
  return made;
}

time_zone::offset time_zone::offset_at(std::int64_t utc) const {
  auto const after =
      std::upper_bound(transitions_.begin(), transitions_.end(), utc,
                       [](std::int64_t at, transition const& each) { return at < each.at; });
  if (after == transitions_.end() && after_) return after_->offset_at(utc);
  auto const until = after == transitions_.end() ? forever : after->at;
  return {after == transitions_.begin() ? first_ : std::prev(after)->seconds, until};
}

namespace {

outcome<time_zone> find_zone(std::string_view name, zone_files const& files) {
  if (name == "UTC") {
    time_zone utc;
    return utc;
  }
  auto const unknown = failure{fmt::format("unknown time zone {}", name)};
  if (!is_zone_name(name)) return unknown;
  if (auto const own = files.variable("ZONEINFO"); own && !own->empty()) {
    if (auto made = read_zone(std::filesystem::path(*own) / name, files)) return *std::move(made);
  }
  bool any = false;
  for (auto const* const each : directories) {
    auto const directory = std::filesystem::path(each);
    if (auto made = read_zone(directory / name, files)) return *std::move(made);
    any = any || files.read(directory / "Etc/UTC") || files.read(directory / "UTC");
  }
  if (any) return unknown;
  return failure{fmt::format("{}: this system has no time zones (install tzdata, or mount a host's "
                             "/usr/share/zoneinfo and name it in ZONEINFO)", unknown.message)};
}

}  // namespace

outcome<time_zone> time_zone::load(std::string_view name, zone_files const& files) {
  if (!name.empty() && name != "Local") return find_zone(name, files);
  auto const variable = files.variable("TZ");
  if (variable && variable->empty()) return find_zone("UTC", files);
  if (variable) {
    std::string_view text = *variable;
    if (text.starts_with(':')) text.remove_prefix(1);
    auto const file = std::filesystem::path(text);
    if (file.is_absolute()) {
      if (auto made = read_zone(file, files)) return *std::move(made);
    } else if (auto made = find_zone(text, files)) {
      return made;
    }
    return find_zone("UTC", files);  // as the reference: a TZ of no use is UTC
  }
  if (auto made = read_zone("/etc/localtime", files)) return *std::move(made);
  return find_zone("UTC", files);
}

}  // namespace corunner::config
