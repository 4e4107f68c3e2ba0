#include "exec/autoscale/install_directory.hpp"

#include "config/atomic_file.hpp"
#include "exec/archive/input_file.hpp"
#include "exec/archive/write_all.hpp"
#include "exec/autoscale/plugin_layer.hpp"
#include "exec/autoscale/plugin_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace corunner::exec {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view prefix = ".install-";

owned_descriptor open_directory(fs::path const& path) {
  return owned_descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

bool lock(owned_descriptor const& directory) {
  return directory && ::flock(directory.get(), LOCK_EX | LOCK_NB) == 0;
}

}  // namespace

install_directory::install_directory(fs::path versions, std::string name)
    : versions_(std::move(versions)), target_(versions_ / name) {}

std::shared_ptr<install_directory> install_directory::make(fs::path versions, std::string name) {
  std::shared_ptr<install_directory> made(
      new install_directory(std::move(versions), std::move(name)));
  made->remove_abandoned();
  if (!made->is_installed()) made->failure_ = made->create();
  return made;
}

install_directory::~install_directory() {
  std::error_code ec;
  if (!path_.empty()) fs::remove_all(path_, ec);
}

void install_directory::remove_abandoned() const {
  std::error_code ec;
  for (fs::directory_iterator at(versions_, ec), end; !ec && at != end; at.increment(ec)) {
    if (!at->path().filename().string().starts_with(prefix)) continue;
    auto const directory = open_directory(at->path());
    std::error_code ignored;
    if (lock(directory)) fs::remove_all(at->path(), ignored);
  }
}

bool install_directory::is_installed() const {
  auto const program = target_ / plugin_program;
  std::error_code ec;
  return fs::is_regular_file(program, ec) && ::access(program.c_str(), X_OK) == 0;
}

std::string install_directory::create() {
  if (auto const why = config::make_directory(versions_)) return why->message;
  auto name = (versions_ / prefix).string() + "XXXXXX";
  if (!::mkdtemp(name.data())) return system_message("mkdir", name, errno);
  path_ = name;
  lock_ = open_directory(path_);
  if (!lock(lock_)) return system_message("lock", name, errno);
  auto const content = path_ / "content";
  return ::mkdir(content.c_str(), 0755) == 0 ? std::string()
                                             : system_message("mkdir", content, errno);
}

std::string install_directory::begin_layer() {
  auto const file = path_ / "layer";
  layer_ = owned_descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!layer_) return system_message("open", file, errno);
  sum_.emplace();
  return {};
}

std::string install_directory::write_layer(std::string_view bytes) {
  sum_->update(bytes);
  int const error = write_all(layer_.get(), bytes);
  return error == 0 ? std::string() : system_message("write", path_ / "layer", error);
}

std::string install_directory::publish() {
  layer_ = owned_descriptor();
  std::string why;
  auto const layer = input_file::open(path_ / "layer", "layer", why);
  if (!layer) return why;
  auto const content = path_ / "content";
  why = unpack_plugin_layer(*layer, content.string(),
                            unpack_budget::of(path_.string(), layer->size()));
  if (!why.empty()) return why;
  if (::rename(content.c_str(), target_.c_str()) == 0) return {};
  int const error = errno;
  if (is_installed()) return {};
  if (error != ENOTEMPTY && error != EEXIST) return system_message("rename", target_, error);
  // What is there under that name is no plugin: it goes away with this directory.
  auto const broken = path_ / "broken";
  if (::rename(target_.c_str(), broken.c_str()) == 0 &&
      ::rename(content.c_str(), target_.c_str()) == 0) {
    return {};
  }
  return system_message("rename", target_, errno);
}

}  // namespace corunner::exec
