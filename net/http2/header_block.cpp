#include "net/http2/header_block.hpp"

#include <string>
#include <utility>

namespace corunner::net {
namespace {

std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return text;
}

std::uint8_t* bytes_of(std::string& text) { return reinterpret_cast<std::uint8_t*>(text.data()); }

}  // namespace

header_block::header_block(http_fields const& fields, int status) {
  if (status != 0) add(":status", std::to_string(status));
  for (auto const& [name, value] : fields) add(lower_case(name), value);
}

void header_block::add(std::string name, std::string value) {
  auto& text = texts_.emplace_back(std::move(name), std::move(value));
  pointers_.push_back({bytes_of(text.first), bytes_of(text.second), text.first.size(),
                       text.second.size(), NGHTTP2_NV_FLAG_NONE});
}

}  // namespace corunner::net
