#include "runner/command/gitlab_access.hpp"

#include "runner/command/token_input.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace corunner {

namespace {

constexpr std::string_view token_variable = "GITLAB_TOKEN";

void prefer(std::filesystem::path& into, std::string const& given, std::string const& otherwise) {
  into = given.empty() ? otherwise : given;
}

// Why one of the files cannot be used, if so: a connection would fail without its name.
std::optional<config::failure> unreadable(net::tls_options const& files) {
  for (auto const* each : {&files.ca_file, &files.certificate_file, &files.key_file}) {
    if (each->empty() || ::access(each->c_str(), R_OK) == 0) continue;
    return config::failure{
        fmt::format("'{}' cannot be read: {}", each->string(), std::strerror(errno))};
  }
  return std::nullopt;
}

}  // namespace

std::vector<flag> access_options::flags() {
  return {{"u, url", &url, "GitLab instance URL", "CI_SERVER_URL"},
          {"access-token-file", &token_file, "file with an access token, or - for standard input",
           "GITLAB_TOKEN_FILE"},
          {"tls-ca-file", &tls_ca_file, "PEM file with the server's authority",
           "CI_SERVER_TLS_CA_FILE"},
          {"tls-cert-file", &tls_cert_file, "PEM file with our client certificate",
           "CI_SERVER_TLS_CERT_FILE"},
          {"tls-key-file", &tls_key_file, "PEM file with the client certificate's key",
           "CI_SERVER_TLS_KEY_FILE"}};
}

std::string no_access_token(services const& all, std::string const& url) {
  return fmt::format(
      "there is no access token: set {}, name a file with --access-token-file, or write it to '{}'; "
      "it is made at {}/-/user_settings/personal_access_tokens",
      token_variable, server_list_file(all.variables).string(), url);
}

awaitable<config::outcome<gitlab_access>> find_access(services& all, access_options given,
                                                      questions& input) {
  auto const file = server_list_file(all.variables);
  auto const servers = read_servers(file);
  if (!servers) co_return servers.error();
  gitlab_access out;
  out.url = given.url;
  if (out.url.empty() && !servers->empty()) out.url = servers->front().url;
  if (out.url.empty()) {
    co_return config::failure{fmt::format(
        "which GitLab? give --url or $CI_SERVER_URL, or write to '{}', mode 600: [[gitlab]], url = \"https://...\", "
        "access_token = \"...\"",
        file.string())};
  }
  auto const found = std::ranges::find_if(
      *servers, [&](auto const& each) { return same_server(each.url, out.url); });
  auto const known = found == servers->end() ? known_server() : *found;
  prefer(out.tls.ca_file, given.tls_ca_file, known.tls_ca_file);
  prefer(out.tls.certificate_file, given.tls_cert_file, known.tls_cert_file);
  prefer(out.tls.key_file, given.tls_key_file, known.tls_key_file);
  if (auto const why = unreadable(out.tls)) co_return *why;

  auto const from_file = [&](std::string name) -> awaitable<config::outcome<gitlab_access>> {
    auto token = co_await read_token(name, input);
    if (!token) co_return token.error();
    out.token = *std::move(token);
    out.origin = name == "-" ? std::string("standard input") : fmt::format("'{}'", name);
    co_return out;
  };
  if (!given.token_file.empty()) co_return co_await from_file(given.token_file);
  auto const variable = all.variables(token_variable).value_or("");
  bool const in_list = !known.access_token.empty() || !known.access_token_file.empty();
  if (!variable.empty() && (!given.url.empty() || !in_list)) {
    out.token = secret(variable);
    out.origin = fmt::format("${}", token_variable);
  } else if (!known.access_token.empty()) {
    out.token = known.access_token;
    out.origin = fmt::format("'{}'", file.string());
  } else if (!known.access_token_file.empty()) {
    co_return co_await from_file(known.access_token_file);
  }
  co_return out;
}

}  // namespace corunner
