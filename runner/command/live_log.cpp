#include "runner/command/live_log.hpp"

#include <cctype>

namespace corunner {

namespace {

// "2026-01-02T03:04:05.000001Z 01O+": 27 characters of time, a blank, stream, O or E, flag.
constexpr std::size_t header_length = 32;

bool has_header(std::string_view line) {
  auto const hex = [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; };
  return line.size() >= header_length && line[4] == '-' && line[10] == 'T' && line[19] == '.' &&
         line[26] == 'Z' && line[27] == ' ' && hex(line[28]) && hex(line[29]) &&
         (line[30] == 'O' || line[30] == 'E') && (line[31] == ' ' || line[31] == '+');
}

constexpr std::string_view marker_end = "\r\x1b[0K";

bool is_marker(std::string_view text) {
  return text.starts_with("section_start:") || text.starts_with("section_end:");
}

}  // namespace

std::string without_sections(std::string_view text, bool& had_marker) {
  std::string kept;
  had_marker = false;
  while (!text.empty()) {
    auto const at = text.find("section_");
    if (at == std::string_view::npos) break;
    auto const end =
        is_marker(text.substr(at)) ? text.find(marker_end, at) : std::string_view::npos;
    if (end == std::string_view::npos) {
      kept.append(text.substr(0, at + 1));
      text.remove_prefix(at + 1);
      continue;
    }
    had_marker = true;
    kept.append(text.substr(0, at));
    text.remove_prefix(end + marker_end.size());
  }
  return kept.append(text);
}

std::string without_colours(std::string_view text) {
  std::string kept;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b' && i + 1 < text.size() && text[i + 1] == '[') {
      i += 2;
      while (i < text.size() && (text[i] < '@' || text[i] > '~')) ++i;
      continue;
    }
    kept.push_back(text[i]);
  }
  return kept;
}

live_log::live_log(options how) : how_(std::move(how)) {}

std::string live_log::feed(std::string_view bytes) {
  std::string out;
  while (!bytes.empty()) {
    auto const end = bytes.find('\n');
    partial_.append(bytes.substr(0, end));
    if (end == std::string_view::npos) {
      if (partial_.size() > longest_line) {
        line(partial_, out);
        partial_.clear();
      }
      break;
    }
    line(partial_, out);
    partial_.clear();
    bytes.remove_prefix(end + 1);
  }
  return out;
}

std::string live_log::finish() {
  std::string out;
  if (!partial_.empty()) line(partial_, out);
  partial_.clear();
  if (open_) out.push_back('\n');
  open_ = false;
  return out;
}

void live_log::line(std::string_view text, std::string& out) {
  bool continued = false;
  std::string stream;
  if (has_header(text)) {
    continued = text[31] == '+';
    stream = text.substr(28, 3);
    text.remove_prefix(header_length);
  }
  bool marker = false;
  std::string shown = without_sections(text, marker);
  if (!how_.colours) shown = without_colours(shown);
  bool const joins = continued && stream == last_stream_;
  // Only a marker, or a marker and the escape that cleared its line: there is nothing to see.
  if (marker && without_colours(shown).empty()) {
    last_stream_ = stream;
    return;
  }
  begin_line(joins && open_, out);
  // After a carriage return the rest of the line may still come (a progress bar).
  out += shown;
  last_stream_ = stream;
  open_ = shown.ends_with('\r');
  if (!open_) out.push_back('\n');
}

void live_log::begin_line(bool continued, std::string& out) {
  if (continued) return;
  if (open_) out.push_back('\n');
  open_ = false;
  out += how_.prefix;
}

}  // namespace corunner
