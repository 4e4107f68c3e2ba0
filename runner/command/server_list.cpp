#include "runner/command/server_list.hpp"

#include "config/atomic_file.hpp"
#include "config/document.hpp"
#include "config/suggest.hpp"
#include "runner/gitlab/api_client.hpp"

#include <fmt/format.h>

#include <array>

#include <sys/stat.h>

namespace corunner {

namespace {

constexpr std::array<std::string_view, 6> keys{"url",         "access_token",  "access_token_file",
                                               "tls_ca_file", "tls_cert_file", "tls_key_file"};

config::failure wrong(std::filesystem::path const& file, int line, std::string_view what) {
  return {fmt::format("{}:{}: {}", file.string(), line, what)};
}

// Puts one key where it belongs; false for one that does not exist.
bool take(known_server& into, std::string const& key, std::string text) {
  std::string* const texts[] = {&into.url,         nullptr,
                                &into.access_token_file, &into.tls_ca_file,
                                &into.tls_cert_file,     &into.tls_key_file};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] != key) continue;
    if (texts[i]) {
      *texts[i] = std::move(text);
    } else {
      into.access_token = secret(std::move(text));
    }
    return true;
  }
  return false;
}

config::outcome<known_server> read_server(std::filesystem::path const& file,
                                          config::node const& table) {
  known_server out;
  for (auto const& [key, value] : table.entries) {
    if (value.is != config::node::kind::string) {
      return wrong(file, value.line, fmt::format("'{}' takes a text in quotes", key));
    }
    if (take(out, key, value.text)) continue;
    auto const near = config::nearest(key, keys);
    return wrong(file, value.line,
                 fmt::format("unknown key '{}'{}", key,
                             near ? fmt::format(", did you mean '{}'?", *near) : ""));
  }
  if (out.url.empty()) return wrong(file, table.line, "a [[gitlab]] needs a url");
  return out;
}

}  // namespace

std::filesystem::path server_list_file(config::environment const& variables) {
  std::filesystem::path const named = variables("XDG_CONFIG_HOME").value_or("");
  std::filesystem::path const home = variables("HOME").value_or("");
  auto const base = named.is_absolute() ? named : home.is_absolute() ? home / ".config" : home;
  return base.is_absolute() ? base / "corunner" / "runners.toml" : std::filesystem::path();
}

config::outcome<std::vector<known_server>> read_servers(std::filesystem::path const& file) {
  std::vector<known_server> out;
  if (file.empty()) return out;
  auto const text = config::read_file(file);
  if (!text) return text.error();
  if (text->missing) return out;
  struct stat about {};
  if (::stat(file.c_str(), &about) == 0 && (about.st_mode & 077) != 0) {
    return config::failure{
        fmt::format("'{0}' may be read by others (mode {1:04o}), and it holds access tokens: "
                    "chmod 600 '{0}'",
                    file.string(), about.st_mode & 07777)};
  }
  auto const tree = config::parse_toml(text->bytes);
  if (!tree) return config::failure{file.string() + ": " + tree.error().message};
  for (auto const& [key, value] : tree->entries) {
    if (key != "gitlab" || value.is != config::node::kind::array) {
      return wrong(file, value.line, fmt::format("expected tables [[gitlab]], found '{}'", key));
    }
    for (auto const& each : value.items) {
      auto server = read_server(file, each);
      if (!server) return server.error();
      out.push_back(*std::move(server));
    }
  }
  return out;
}

bool same_server(std::string_view a, std::string_view b) {
  auto const first = gitlab::api_base(a);
  auto const second = gitlab::api_base(b);
  return first && second && *first == *second;
}

}  // namespace corunner
