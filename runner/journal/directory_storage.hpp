#pragma once

#include "runner/journal/storage.hpp"

#include <filesystem>
#include <memory>
#include <vector>

namespace corunner {

// The storage of one process: a directory (0700) of its own below a common one, with files of 0600.
// A lock file beside it is held as long as the process lives, so that others see whose directories
// nobody owns any more: several processes may share one configuration and one common directory.
// Directory and lock file are synced when they are made; whichever of them alone is found is taken,
// too.
class directory_storage final : public journal_storage {
 public:
  // A new directory below `base`, which is made if it is not there.
  static result<std::unique_ptr<directory_storage>> create(std::filesystem::path const& base);
  // The directories below `base` that processes left behind; they are ours from now on.
  static std::vector<std::unique_ptr<directory_storage>> adopt(std::filesystem::path const& base);

  // Removes the directory if nothing is left in it, and gives up the lock.
  ~directory_storage() override;

  std::vector<std::string> names() override;
  error_code append(std::string const& name, std::string_view bytes) override;
  result<std::string> read(std::string const& name) override;
  result<std::uint64_t> size(std::string const& name) override;
  result<std::unique_ptr<spool>> open_spool(std::string const& name) override;
  void remove(std::string const& name) override;
  error_code sync(std::vector<std::string> const& names) override;
  std::string machine_start() override;

 private:
  directory_storage(std::filesystem::path directory, int lock)
      : directory_(std::move(directory)), lock_(lock) {}
  std::filesystem::path lock_file() const;

  std::filesystem::path directory_;
  int lock_;
};

}  // namespace corunner
