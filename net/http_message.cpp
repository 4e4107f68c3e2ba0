#include "net/http_message.hpp"

#include <algorithm>
#include <cstring>

namespace corunner::net {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// Bytes of one string, which all attempts to send it share.
class string_source final : public body_source {
 public:
  explicit string_source(std::shared_ptr<std::string const> bytes) : bytes_(std::move(bytes)) {}

  awaitable<result<std::size_t>> read_some(asio::mutable_buffer into) override {
    auto const size = std::min(into.size(), bytes_->size() - sent_);
    std::memcpy(into.data(), bytes_->data() + sent_, size);
    sent_ += size;
    co_return size;
  }

 private:
  std::shared_ptr<std::string const> bytes_;
  std::size_t sent_ = 0;
};

}  // namespace

void http_fields::add(std::string_view name, std::string_view value) {
  fields_.emplace_back(name, value);
}

void http_fields::set(std::string_view name, std::string_view value) {
  std::string kept(value);  // it may be a view of the field that goes
  erase(name);
  fields_.emplace_back(std::string(name), std::move(kept));
}

void http_fields::erase(std::string_view name) {
  std::erase_if(fields_, [name](field const& f) { return same_name(f.first, name); });
}

std::optional<std::string_view> http_fields::find(std::string_view name) const {
  for (auto const& [key, value] : fields_) {
    if (same_name(key, name)) return value;
  }
  return std::nullopt;
}

std::string_view http_fields::get(std::string_view name, std::string_view otherwise) const {
  return find(name).value_or(otherwise);
}

http_body http_body::of(std::string bytes) {
  auto const shared = std::make_shared<std::string const>(std::move(bytes));
  return {shared->size(), [shared] { return std::make_unique<string_source>(shared); }};
}

}  // namespace corunner::net
