#include "runner/coordinator/api/body/multipart.hpp"

#include <algorithm>
#include <cctype>

namespace corunner::coordinator {

namespace {

constexpr std::size_t most_of_a_header = 16 * 1024;

std::string lower(std::string_view text) {
  std::string made(text);
  std::transform(made.begin(), made.end(), made.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return made;
}

// The value of `name="..."` or `name=...` in a header line.
std::string attribute(std::string_view line, std::string_view name) {
  std::string const wanted = std::string(name) + "=";
  auto const lowered = lower(line);
  for (auto at = lowered.find(wanted); at != std::string::npos; at = lowered.find(wanted, at + 1)) {
    bool const whole = at == 0 || line[at - 1] == ' ' || line[at - 1] == ';';
    if (!whole) continue;
    auto rest = line.substr(at + wanted.size());
    if (!rest.starts_with('"')) return std::string(rest.substr(0, rest.find_first_of("; \r")));
    std::string value;
    for (std::size_t i = 1; i < rest.size() && rest[i] != '"'; ++i) {
      if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
      value += rest[i];
    }
    return value;
  }
  return {};
}

}  // namespace

std::string boundary_of(std::string_view content_type) {
  if (!lower(content_type).starts_with("multipart/form-data")) return {};
  return attribute(content_type, "boundary");
}

multipart_parser::multipart_parser(std::string_view boundary)
    : boundary_("\r\n--" + std::string(boundary)),
      // The first boundary may stand at the very start, without a line end before it.
      held_("\r\n") {}

bool multipart_parser::feed(std::string_view bytes) {
  if (at_ == place::epilogue) return true;
  held_.append(bytes);
  for (bool progress = true; progress && at_ != place::epilogue;) {
    progress = false;
    if (!step(progress)) return false;
  }
  return true;
}

bool multipart_parser::step(bool& progress) {
  switch (at_) {
    case place::preamble:
    case place::data: {
      auto const found = held_.find(boundary_);
      if (found == std::string::npos) {
        // What could be the beginning of a boundary stays.
        if (held_.size() >= boundary_.size()) pass_data(held_.size() - boundary_.size() + 1);
        return true;
      }
      pass_data(found);
      held_.erase(0, boundary_.size());
      if (at_ == place::data && part_ends) part_ends();
      at_ = place::after_boundary;
      progress = true;
      return true;
    }
    case place::after_boundary:
      if (held_.size() < 2) return true;
      if (held_.starts_with("--")) {
        at_ = place::epilogue;
        return true;
      }
      if (!held_.starts_with("\r\n")) return false;
      at_ = place::header;
      progress = true;
      return true;
    case place::header:
      progress = read_header();
      return progress || held_.size() <= most_of_a_header;
    case place::epilogue:
      return true;
  }
  return false;
}

bool multipart_parser::read_header() {
  // The line end before the header is still there, so that a part without one is seen too.
  auto const end = held_.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  multipart_part part;
  std::string_view lines = std::string_view(held_).substr(0, end);
  while (!lines.empty()) {
    auto const line = lines.substr(0, lines.find("\r\n"));
    lines.remove_prefix(std::min(lines.size(), line.size() + 2));
    if (!lower(line).starts_with("content-disposition:")) continue;
    part.name = attribute(line, "name");
    part.filename = attribute(line, "filename");
  }
  held_.erase(0, end + 4);
  at_ = place::data;
  if (part_begins) part_begins(part);
  return true;
}

void multipart_parser::pass_data(std::size_t count) {
  if (at_ == place::data && count > 0 && part_data) {
    part_data(std::string_view(held_).substr(0, count));
  }
  held_.erase(0, count);
}

}  // namespace corunner::coordinator
