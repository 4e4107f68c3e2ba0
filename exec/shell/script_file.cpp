#include "exec/shell/script_file.hpp"

#include "exec/process/spawn.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace corunner::exec {
namespace {

error_code last_error() { return {errno, boost::system::system_category()}; }

}  // namespace

result<script_file> script_file::make(std::filesystem::path const& directory, std::string_view name,
                                      std::string_view text) {
  if (::mkdir(directory.c_str(), 0700) != 0) return last_error();
  script_file made(directory, name);
  owned_fd const out(::open(made.file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700));
  if (!out) return last_error();
  while (!text.empty()) {
    auto const written = ::write(out.get(), text.data(), text.size());
    if (written < 0 && errno != EINTR) return last_error();
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return made;
}

script_file::~script_file() {
  if (directory_.empty()) return;
  std::error_code not_ours_any_more;
  std::filesystem::remove_all(directory_, not_ours_any_more);
}

}  // namespace corunner::exec
