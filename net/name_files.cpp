#include "net/name_files.hpp"

#include <boost/system/error_code.hpp>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

namespace corunner::net {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::make_address;

constexpr std::size_t most_servers = 3;

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

std::vector<std::string_view> words_of(std::string_view line, std::string_view comment_marks) {
  line = line.substr(0, line.find_first_of(comment_marks));
  std::vector<std::string_view> words;
  constexpr std::string_view blanks = " \t\r";
  while (true) {
    auto const start = line.find_first_not_of(blanks);
    if (start == std::string_view::npos) return words;
    line.remove_prefix(start);
    auto const size = std::min(line.find_first_of(blanks), line.size());
    words.push_back(line.substr(0, size));
    line.remove_prefix(size);
  }
}

template <class Do>
void for_each_line(std::string_view text, Do const& act) {
  while (!text.empty()) {
    auto const size = text.find('\n');
    act(text.substr(0, size));
    if (size == std::string_view::npos) return;
    text.remove_prefix(size + 1);
  }
}

void set_option(resolv_conf& conf, std::string_view option) {
  auto const colon = option.find(':');
  if (colon == std::string_view::npos) return;
  auto const digits = option.substr(colon + 1);
  unsigned value = 0;
  auto const read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (read.ec != std::errc()) return;
  auto const key = option.substr(0, colon);
  if (key == "ndots") conf.ndots = std::min(value, 15U);
  if (key == "timeout") conf.timeout = std::chrono::seconds(std::clamp(value, 1U, 30U));
  if (key == "attempts") conf.attempts = std::clamp(value, 1U, 5U);
}

}  // namespace

std::vector<address> hosts_addresses(std::string_view text, std::string_view name) {
  std::vector<address> found;
  auto const wanted = lower(name);
  for_each_line(text, [&](std::string_view line) {
    auto const words = words_of(line, "#");
    if (words.size() < 2) return;
    auto const is_wanted = [&](std::string_view word) { return lower(word) == wanted; };
    if (std::none_of(words.begin() + 1, words.end(), is_wanted)) return;
    boost::system::error_code ec;
    auto const one = make_address(std::string(words[0]), ec);
    if (!ec && std::find(found.begin(), found.end(), one) == found.end()) found.push_back(one);
  });
  return found;
}

std::vector<address> local_addresses(std::string const& host) {
  boost::system::error_code ec;
  auto const numeric = make_address(host, ec);
  if (!ec) return {numeric};
  auto const name = lower(host);
  if (name == "localhost" || name.ends_with(".localhost")) {
    return {boost::asio::ip::address_v4::loopback(), boost::asio::ip::address_v6::loopback()};
  }
  return hosts_addresses(small_file("/etc/hosts"), name);
}

resolv_conf parse_resolv_conf(std::string_view text) {
  resolv_conf conf;
  for_each_line(text, [&conf](std::string_view line) {
    auto const words = words_of(line, "#;");
    if (words.size() < 2) return;
    if (words[0] == "nameserver" && conf.servers.size() < most_servers) {
      boost::system::error_code ec;
      auto const server = make_address(std::string(words[1]), ec);
      if (!ec) conf.servers.push_back(server);
    } else if (words[0] == "search" || words[0] == "domain") {
      conf.search.assign(words.begin() + 1, words.end());
    } else if (words[0] == "options") {
      for (auto const option : words) set_option(conf, option);
    }
  });
  if (conf.servers.empty()) conf.servers.push_back(boost::asio::ip::address_v4::loopback());
  return conf;
}

std::vector<std::string> names_to_ask(resolv_conf const& conf, std::string_view name) {
  if (name.ends_with('.')) return {std::string(name.substr(0, name.size() - 1))};
  std::vector<std::string> names;
  for (auto const& domain : conf.search) {
    if (domain != ".") names.push_back(std::string(name) + '.' + domain);
  }
  bool const itself_first =
      static_cast<unsigned>(std::count(name.begin(), name.end(), '.')) >= conf.ndots;
  names.insert(itself_first ? names.begin() : names.end(), std::string(name));
  return names;
}

std::string small_file(char const* path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace corunner::net
