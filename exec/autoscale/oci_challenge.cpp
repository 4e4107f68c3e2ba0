#include "exec/autoscale/oci_challenge.hpp"

#include <algorithm>
#include <string_view>

namespace corunner::exec {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

class challenge_reader {
 public:
  explicit challenge_reader(std::string_view text) : rest_(text) {}

  void read(std::vector<oci_challenge>& into) {
    for (skip(" \t,"); !rest_.empty(); skip(" \t,")) {
      auto const word = token();
      skip(" \t");
      if (word.empty()) return;
      if (!rest_.starts_with('=')) {
        into.push_back({lower(word), {}});
        continue;
      }
      rest_.remove_prefix(1);
      skip(" \t");
      auto value = rest_.starts_with('"') ? quoted() : std::string(token());
      if (!into.empty()) into.back().parameters.emplace(lower(word), std::move(value));
    }
  }

 private:
  void skip(std::string_view which) {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(which), rest_.size()));
  }
  std::string_view token() {
    auto const word = rest_.substr(0, rest_.find_first_of(" \t,=\""));
    rest_.remove_prefix(word.size());
    return word;
  }
  std::string quoted() {
    std::string out;
    rest_.remove_prefix(1);
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      out += rest_.front();
      rest_.remove_prefix(1);
    }
    if (!rest_.empty()) rest_.remove_prefix(1);
    return out;
  }

  std::string_view rest_;
};

}  // namespace

std::string oci_challenge::parameter(std::string const& name) const {
  auto const found = parameters.find(name);
  return found == parameters.end() ? std::string() : found->second;
}

std::vector<oci_challenge> challenges_in(net::http_fields const& fields) {
  std::vector<oci_challenge> out;
  for (auto const& [name, value] : fields) {
    if (lower(name) == "www-authenticate") challenge_reader(value).read(out);
  }
  return out;
}

}  // namespace corunner::exec
