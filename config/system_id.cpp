#include "config/system_id.hpp"

#include "config/atomic_file.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <random>

namespace corunner::config {

namespace {

constexpr std::string_view file_name = ".runner_system_id";
constexpr std::size_t id_length = 12;
constexpr std::string_view alphabet =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

std::string trimmed(std::string_view text) {
  constexpr std::string_view white = " \t\r\n\v\f";
  auto const first = text.find_first_not_of(white);
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(white) - first + 1));
}

std::string random_text(std::size_t length) {
  std::random_device source;
  std::uniform_int_distribution<std::size_t> pick(0, alphabet.size() - 1);
  std::string out;
  while (out.size() < length) out += alphabet[pick(source)];
  return out;
}

// The first hex digits of HMAC-SHA256 with the machine's id as key.
std::string derived_text(std::string_view machine) {
  constexpr std::string_view message = "gitlab-runner";
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), machine.data(), static_cast<int>(machine.size()),
       reinterpret_cast<unsigned char const*>(message.data()), message.size(), digest, &size);
  std::string out;
  for (unsigned int i = 0; i < size && out.size() < id_length; ++i) {
    out += fmt::format("{:02x}", digest[i]);
  }
  return out;
}

}  // namespace

bool is_system_id(std::string_view text) {
  if (text.size() != 2 + id_length || text[1] != '_' || (text[0] != 's' && text[0] != 'r')) {
    return false;
  }
  return std::all_of(text.begin() + 2, text.end(),
                     [](char c) { return alphabet.find(c) != std::string_view::npos; });
}

std::string make_system_id(std::string_view machine) {
  return machine.empty() ? "r_" + random_text(id_length) : "s_" + derived_text(machine);
}

std::string machine_id() {
  for (char const* const place : {"/var/lib/dbus/machine-id", "/etc/machine-id", "/etc/hostid"}) {
    auto const text = read_file(place);
    if (text && !text->missing) return trimmed(text->bytes);
  }
  return "";
}

outcome<system_id> load_system_id(std::filesystem::path const& directory) {
  auto const file = directory / file_name;
  auto const text = read_file(file);
  if (!text) return failure{"reading from runner system ID file: " + text.error().message};
  auto const known = trimmed(text->bytes);
  if (is_system_id(known)) return system_id{known, false, std::nullopt};
  system_id made{make_system_id(machine_id()), true, std::nullopt};
  if (!directory.empty()) made.not_written = make_directory(directory);
  if (!made.not_written) made.not_written = replace_file(file, made.value);
  return made;
}

}  // namespace corunner::config
