#include "exec/engine/docker_config.hpp"

#include <boost/beast/core/detail/base64.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/error_code.hpp>

namespace corunner::exec {

namespace {

namespace base64 = boost::beast::detail::base64;
namespace json = boost::json;

constexpr std::string_view hub = "index.docker.io";

// "https://registry.example.com/v2/" as "registry.example.com".
std::string_view host_of(std::string_view registry) {
  if (auto const scheme = registry.find("://"); scheme != registry.npos) {
    registry.remove_prefix(scheme + 3);
  }
  registry = registry.substr(0, registry.find('/'));
  return registry == "docker.io" || registry == "registry-1.docker.io" ? hub : registry;
}

json::object const* object_in(json::object const& in, std::string_view key) {
  auto const* const found = in.if_contains(key);
  return found ? found->if_object() : nullptr;
}

std::string text_in(json::object const& in, std::string_view key) {
  auto const* const found = in.if_contains(key);
  auto const* const text = found ? found->if_string() : nullptr;
  return text ? std::string(*text) : std::string();
}

// The member of `table` for a registry: by its own key, else by one that means the same host.
json::value const* member_for(json::object const* table, std::string_view registry) {
  if (!table) return nullptr;
  if (auto const* const exact = table->if_contains(registry_key(registry))) return exact;
  for (auto const& [key, value] : *table) {
    if (host_of(key) == host_of(registry)) return &value;
  }
  return nullptr;
}

std::string encoded(std::string_view text) {
  std::string out(base64::encoded_size(text.size()), '\0');
  out.resize(base64::encode(out.data(), text.data(), text.size()));
  return out;
}

// "user:password"; nothing for what is no base64 of that.
std::optional<registry_login> decoded(std::string_view auth) {
  while (auth.ends_with('=')) auth.remove_suffix(1);
  std::string plain(base64::decoded_size(auth.size() + 3), '\0');
  auto const [written, read] = base64::decode(plain.data(), auth.data(), auth.size());
  plain.resize(written);
  auto const colon = plain.find(':');
  if (read != auth.size() || colon == plain.npos) return std::nullopt;
  // Some tools fill the text up.
  auto const end = plain.find_last_not_of('\0');
  return registry_login{plain.substr(0, colon), secret(plain.substr(colon + 1, end - colon)), {}};
}

void write(json::value const& value, std::size_t depth, std::string& out) {
  auto const* const members = value.if_object();
  if (!members || members->empty()) {
    out += json::serialize(value);
    return;
  }
  out += '{';
  for (bool first = true; auto const& [key, member] : *members) {
    out += first ? "\n" : ",\n";
    first = false;
    out.append(depth + 1, '\t');
    out += json::serialize(json::string(key)) + ": ";
    write(member, depth + 1, out);
  }
  out += '\n';
  out.append(depth, '\t');
  out += '}';
}

}  // namespace

std::string registry_key(std::string_view registry) {
  auto const host = host_of(registry);
  return host == hub ? "https://index.docker.io/v1/" : std::string(host);
}

bool is_docker_hub(std::string_view registry) { return host_of(registry) == hub; }

config::outcome<docker_config> docker_config::parse(std::string_view text) {
  docker_config out;
  if (text.find_first_not_of(" \t\r\n") == text.npos) return out;
  boost::system::error_code broken;
  auto tree = json::parse(text, broken);
  if (broken || !tree.is_object()) return config::failure{"is no JSON object"};
  out.members_ = std::move(tree.get_object());
  for (std::string_view const table : {"auths", "credHelpers"}) {
    auto const* const found = out.members_.if_contains(table);
    if (found && !found->is_object()) {
      return config::failure{std::string(table) + " in it is no JSON object"};
    }
  }
  return out;
}

std::optional<registry_login> docker_config::login(std::string_view registry) const {
  auto const* const entry = member_for(object_in(members_, "auths"), registry);
  auto const* const members = entry ? entry->if_object() : nullptr;
  if (!members) return std::nullopt;
  auto out = decoded(text_in(*members, "auth"))
                 .value_or(registry_login{
                     text_in(*members, "username"), secret(text_in(*members, "password")), {}});
  out.identity_token = secret(text_in(*members, "identitytoken"));
  if (out.user.empty() && out.identity_token.empty()) return std::nullopt;
  return out;
}

std::string docker_config::helper(std::string_view registry) const {
  auto const* const named = member_for(object_in(members_, "credHelpers"), registry);
  if (named && named->is_string()) return std::string(named->get_string());
  return text_in(members_, "credsStore");
}

json::object& docker_config::auths() {
  auto& table = members_["auths"];
  return table.is_object() ? table.get_object() : table.emplace_object();
}

void docker_config::put(std::string_view registry, registry_login const& login) {
  auths()[registry_key(registry)] = {{"auth", encoded(login.user + ':' + login.password.reveal())}};
}

void docker_config::put_name(std::string_view registry) {
  auths()[registry_key(registry)] = json::object();
}

std::string docker_config::text() const {
  std::string out;
  write(members_, 0, out);
  return out + '\n';
}

}  // namespace corunner::exec
