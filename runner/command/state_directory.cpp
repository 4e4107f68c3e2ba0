#include "runner/command/state_directory.hpp"

#include "runner/journal/directory_storage.hpp"

#include <utility>

#include <unistd.h>

namespace corunner {

namespace fs = std::filesystem;

fs::path default_state_directory(config::environment const& variables) {
  // systemd gives several, separated by colons, when the unit names several.
  if (auto const given = variables("STATE_DIRECTORY"); given && !given->empty()) {
    return given->substr(0, given->find(':'));
  }
  if (::geteuid() == 0) return "/var/lib/corunner";
  if (auto const given = variables("XDG_STATE_HOME"); given && given->starts_with('/')) {
    return fs::path(*given) / "corunner";
  }
  auto const home = variables("HOME");
  return home && home->starts_with('/') ? fs::path(*home) / ".local/state/corunner" : fs::path();
}

journal open_journal(services& all, std::string const& directory) {
  auto const state =
      directory.empty() ? default_state_directory(all.variables) : fs::path(directory);
  auto const base = fs::absolute(state / "journal");
  auto own = state.empty() ? result<std::unique_ptr<directory_storage>>(
                                 error_code(asio::error::not_found))
                           : directory_storage::create(base);
  if (own) {
    std::vector<std::unique_ptr<journal_storage>> left;
    for (auto& each : directory_storage::adopt(base)) left.push_back(std::move(each));
    return journal(std::move(*own), std::move(left));
  }
  all.log.warning(
      "Jobs will not survive a crash of this process: there is no directory for its state",
      {{"directory", base.string()}, {"error", own.error().message()}});
  return journal(make_scratch_storage());
}

}  // namespace corunner
