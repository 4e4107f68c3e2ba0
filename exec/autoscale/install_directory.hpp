#pragma once

#include "exec/archive/safe_tree.hpp"
#include "exec/autoscale/content_digest.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace corunner::exec {

// A directory in which one version of a plugin is put together, beside the versions that are there:
// VERSIONS/.install-XXXXXX, locked while this object lives and gone with it. Everything blocks, and
// nothing happens at the same time as anything else.
class install_directory {
 public:
  // Removes what others left that were killed. `versions` is absolute; it is made when it is not
  // there.
  static std::shared_ptr<install_directory> make(std::filesystem::path versions, std::string name);
  ~install_directory();
  install_directory(install_directory const&) = delete;
  install_directory& operator=(install_directory const&) = delete;

  // Why it could not be made; empty: it is there, or is_installed().
  std::string const& failure() const { return failure_; }
  // That version is there already, and there is nothing to do.
  bool is_installed() const;

  // The packed layer, from its begin and then piece by piece; why not, or nothing.
  std::string begin_layer();
  std::string write_layer(std::string_view bytes);
  // Of what was written; once.
  std::string layer_digest() { return sum_->finish(); }
  // Unpacks it and gives it the version's name; why not, or nothing. Another one that is quicker is
  // as good.
  std::string publish();

 private:
  install_directory(std::filesystem::path versions, std::string name);
  std::string create();
  void remove_abandoned() const;

  std::filesystem::path versions_;
  std::filesystem::path target_;
  std::filesystem::path path_;  // empty: not made
  owned_descriptor lock_;
  owned_descriptor layer_;
  std::optional<content_digest> sum_;  // of layer_
  std::string failure_;
};

}  // namespace corunner::exec
