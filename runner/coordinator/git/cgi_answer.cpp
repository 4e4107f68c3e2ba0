#include "runner/coordinator/git/cgi_answer.hpp"

#include <algorithm>
#include <charconv>

namespace corunner::coordinator {

std::optional<cgi_header> parse_cgi_header(std::string_view text) {
  auto const crlf = text.find("\r\n\r\n");
  auto const lf = text.find("\n\n");
  if (crlf == std::string_view::npos && lf == std::string_view::npos) return std::nullopt;
  cgi_header header;
  auto const end = std::min(crlf, lf);
  header.length = end == crlf ? end + 4 : end + 2;
  auto lines = text.substr(0, end);
  while (!lines.empty()) {
    auto line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    if (line.ends_with('\r')) line.remove_suffix(1);
    auto const colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    auto const name = line.substr(0, colon);
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    if (name == "Status") {
      std::from_chars(value.data(), value.data() + value.size(), header.status);
    } else {
      header.fields.add(name, value);
    }
  }
  return header;
}

}  // namespace corunner::coordinator
