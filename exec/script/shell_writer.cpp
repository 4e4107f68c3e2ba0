#include "exec/script/shell_writer.hpp"

#include "exec/script/bash_writer.hpp"
#include "exec/script/cmd_writer.hpp"
#include "exec/script/dummy_writer.hpp"
#include "exec/script/powershell_writer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace corunner::exec {
namespace {

struct known_shell {
  std::string_view name;
  std::unique_ptr<shell_writer> (*make)(shell_writer_options);
};

template <class Writer>
std::unique_ptr<shell_writer> make(shell_writer_options how) {
  return std::make_unique<Writer>(std::move(how));
}

constexpr std::array<known_shell, 6> known_shells{{{"bash", make<bash_writer>},
                                                   {"sh", make<bash_writer>},
                                                   {"pwsh", make<powershell_writer>},
                                                   {"powershell", make<powershell_writer>},
                                                   {"cmd", make<cmd_writer>},
                                                   {"dummy", make<dummy_writer>}}};

}  // namespace

bool is_known_shell(std::string_view name) {
  return std::ranges::find(known_shells, name, &known_shell::name) != known_shells.end();
}

std::unique_ptr<shell_writer> make_shell_writer(shell_writer_options how) {
  auto const known = std::ranges::find(known_shells, how.shell, &known_shell::name);
  if (known == known_shells.end()) return nullptr;
  return known->make(std::move(how));
}

bool is_identifier(std::string_view name) {
  auto const is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  auto const is_letter_or_digit = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && is_letter(name.front()) && std::ranges::all_of(name, is_letter_or_digit);
}

}  // namespace corunner::exec
