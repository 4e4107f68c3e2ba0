#include "runner/coordinator/api/jobs/dotenv.hpp"

#include "runner/coordinator/api/body/utf8_text.hpp"

#include <fmt/format.h>
#include <libdeflate.h>

#include <algorithm>
#include <cctype>
#include <memory>

namespace corunner::coordinator {

namespace {

constexpr std::size_t most_variables = 20;

std::string_view strip(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) {
    text.remove_prefix(1);
  }
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) {
    text.remove_suffix(1);
  }
  return text;
}

bool is_name(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '_';
  });
}

void append_utf8(std::string& into, std::uint32_t c) {
  if (c < 0x80) {
    into += static_cast<char>(c);
  } else if (c < 0x800) {
    into += static_cast<char>(0xc0 | (c >> 6));
    into += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    into += static_cast<char>(0xe0 | (c >> 12));
    into += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    into += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    into += static_cast<char>(0xf0 | (c >> 18));
    into += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
    into += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    into += static_cast<char>(0x80 | (c & 0x3f));
  }
}

// PowerShell writes UTF-16 with a mark; GitLab converts it.
std::string to_utf8(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) return std::string(text.substr(3));
  bool const little = text.starts_with("\xff\xfe");
  bool const big = text.starts_with("\xfe\xff");
  if (!little && !big) return std::string(text);
  std::string made;
  auto const unit = [&](std::size_t at) {
    auto const first = static_cast<unsigned char>(text[at]);
    auto const second = static_cast<unsigned char>(text[at + 1]);
    return static_cast<std::uint32_t>(little ? second << 8 | first : first << 8 | second);
  };
  for (std::size_t at = 2; at + 1 < text.size(); at += 2) {
    auto c = unit(at);
    if (c >= 0xd800 && c < 0xdc00 && at + 3 < text.size()) {
      c = 0x10000 + ((c - 0xd800) << 10) + (unit(at + 2) - 0xdc00);
      at += 2;
    }
    append_utf8(made, c);
  }
  return made;
}

}  // namespace

dotenv_report parse_dotenv(std::string_view bytes) {
  auto const converted = to_utf8(bytes);
  if (!is_utf8(converted)) return {{}, "Invalid Format"};
  std::string_view text = converted;
  if (text.ends_with('\n')) text.remove_suffix(1);
  dotenv_report report;
  while (!text.empty()) {
    auto const line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    auto const equals = line.find('=');
    auto const key = strip(line.substr(0, equals));
    if (equals == std::string_view::npos || !is_name(key)) return {{}, "Invalid Format"};
    auto const value = strip(line.substr(equals + 1));
    auto const known = std::find_if(report.variables.begin(), report.variables.end(),
                                    [&](auto const& variable) { return variable.key == key; });
    if (known != report.variables.end()) {
      known->value = value;
    } else {
      report.variables.push_back({std::string(key), std::string(value), "dotenv"});
    }
  }
  if (report.variables.size() > most_variables) {
    return {{}, fmt::format("Dotenv files cannot have more than {} variables", most_variables)};
  }
  return report;
}

dotenv_report parse_gzipped_dotenv(std::string_view gzip) {
  auto const too_big =
      fmt::format("Dotenv Artifact Too Big. Maximum Allowable Size: {}", most_of_a_dotenv);
  std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> const inflate(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  std::string text(most_of_a_dotenv + 1, '\0');
  std::size_t size = 0;
  auto const ended = libdeflate_gzip_decompress(inflate.get(), gzip.data(), gzip.size(),
                                                text.data(), text.size(), &size);
  if (ended == LIBDEFLATE_INSUFFICIENT_SPACE) return {{}, too_big};
  if (ended != LIBDEFLATE_SUCCESS) return {{}, "Invalid Format"};
  if (size > most_of_a_dotenv) return {{}, too_big};
  text.resize(size);
  return parse_dotenv(text);
}

}  // namespace corunner::coordinator
