#include "exec/script/shell_writer.hpp"

#include "exec/script/bash_writer.hpp"
#include "exec/script/dummy_writer.hpp"

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

constexpr std::array<known_shell, 3> known_shells{
    {{"bash", make<bash_writer>}, {"sh", make<bash_writer>}, {"dummy", make<dummy_writer>}}};

}  // namespace

bool is_known_shell(std::string_view name) {
  return std::ranges::find(known_shells, name, &known_shell::name) != known_shells.end();
}

std::unique_ptr<shell_writer> make_shell_writer(shell_writer_options how) {
  auto const known = std::ranges::find(known_shells, how.shell, &known_shell::name);
  if (known == known_shells.end()) return nullptr;
  return known->make(std::move(how));
}

}  // namespace corunner::exec
