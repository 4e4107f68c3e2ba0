#pragma once

#include "runner/coordinator/snapshot.hpp"
#include "runner/pipeline/pipeline.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace corunner::coordinator {

// The files of a snapshot for an evaluation, which asks without waiting: what is not known yet is
// answered as absent and noted, load() fetches it, and the evaluation is made again. It is done
// when nothing was noted. Evaluations are pure, so the last one is the true one.
class snapshot_files final : public pipeline::file_reader {
 public:
  snapshot_files(git with, snapshot const& from) : git_(with), from_(from) {}

  std::optional<std::string> read(std::string_view path) override;
  std::vector<std::string> list() override;
  std::optional<std::vector<std::string>> changed_paths(std::string_view compare_to) override;
  bool has_ref(std::string_view ref) override;

  // A file that differs from the snapshot's.
  void put(std::string path, std::string text) { files_[std::move(path)] = std::move(text); }

  bool wants_more() const;
  awaitable<void> load();

 private:
  awaitable<void> load_contents(std::set<std::string> paths);
  awaitable<void> load_changes(std::string base);
  std::string base_or_default(std::string_view compare_to) const;

  git git_;
  snapshot const& from_;
  std::map<std::string, std::optional<std::string>, std::less<>> files_;
  std::map<std::string, std::optional<std::vector<std::string>>, std::less<>> changes_;
  std::map<std::string, bool, std::less<>> refs_;
  std::optional<std::vector<std::string>> list_;

  std::set<std::string> wanted_files_;
  std::set<std::string> wanted_changes_;
  std::set<std::string> wanted_refs_;
  bool wants_list_ = false;
};

}  // namespace corunner::coordinator
