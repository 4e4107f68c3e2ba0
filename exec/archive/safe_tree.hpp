#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace corunner::exec {

// A file descriptor that closes itself.
class owned_descriptor {
 public:
  explicit owned_descriptor(int value = -1) : value_(value) {}
  owned_descriptor(owned_descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  owned_descriptor& operator=(owned_descriptor&& other) noexcept;
  ~owned_descriptor();

  int get() const { return value_; }
  explicit operator bool() const { return value_ >= 0; }

 private:
  int value_;
};

// What an archive tells of a file besides its content.
struct file_metadata {
  std::uint32_t mode = 0;     // the permission bits are used
  std::int64_t modified = 0;  // seconds since 1970
  std::int32_t modified_nanoseconds = 0;
  std::optional<std::uint32_t> uid;
  std::optional<std::uint32_t> gid;
};

// A directory that files are unpacked into and that nothing can leave.
//
// Every path is walked from the root, component by component, without following links. A link that
// was there before is followed when it leads to a directory below the root, and refused else. All
// functions block and report with false or an empty descriptor, and a message for people in
// `failure()`. One object per thread; several may work in one directory.
class safe_tree {
 public:
  // `root` is absolute; check ok().
  explicit safe_tree(std::string root);
  bool ok() const { return static_cast<bool>(root_descriptor_); }

  // A name from an archive as a clean path below the root ("." is the root); nothing when it leaves
  // it.
  std::optional<std::string> place(std::string_view name);

  // Paths are those that place() gave. Missing parents are made, with the mode that umask leaves.

  // A new, empty file; what was there (a file, a link, an empty directory) is removed first.
  owned_descriptor create_file(std::string const& path);
  bool make_directory(std::string const& path);
  // Replaces what is there like create_file.
  bool make_link(std::string const& path, std::string const& target, file_metadata const& metadata);
  // A second name of the regular file `target`, which place() gave, too.
  bool make_hard_link(std::string const& path, std::string const& target);
  bool finish_directory(std::string const& path, file_metadata const& metadata);

  std::string const& failure() const { return failure_; }
  std::string shown(std::string const& path) const;

 private:
  // Opens a directory below the root for use as a starting point; makes it when told so.
  owned_descriptor open_directory(std::string const& path);
  owned_descriptor step(int parent, std::string const& name, std::string const& path);
  owned_descriptor follow_link(std::string const& path);
  std::pair<int, std::string> parent_of(std::string const& path);
  bool remove(int parent, std::string const& name, std::string const& path);
  bool fail(std::string_view what, std::string const& path, int error);

  std::string root_;
  owned_descriptor root_descriptor_;
  std::string last_parent_;  // kept open: neighbours mostly come one after the other
  owned_descriptor last_descriptor_;
  std::string failure_;
};

// Time, permission bits, owner (an owner that cannot be set is no error). False with errno set.
bool apply_metadata(int descriptor, file_metadata const& metadata);

}  // namespace corunner::exec
