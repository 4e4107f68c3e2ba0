#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// One variable of a job with its attributes.
struct job_variable {
  std::string key;
  std::string value;
  bool is_public = true;     // may be shown to service containers
  bool internal = false;     // made by the runner
  bool file = false;         // the value goes into a file, the variable holds its path
  bool masked = false;       // the value must not appear in the trace
  bool raw = false;          // the value is not expanded

  bool operator==(job_variable const&) const = default;
};

// The variables of a job in order; of several definitions of one name the last one wins.
class job_variables {
 public:
  job_variables() = default;
  explicit job_variables(std::vector<job_variable> list) : list_(std::move(list)) {}

  void add(job_variable variable) { list_.push_back(std::move(variable)); }
  // An internal and public variable.
  void add(std::string key, std::string value);

  std::vector<job_variable> const& all() const { return list_; }

  // The last definition of `key`; null when there is none.
  job_variable const* find(std::string_view key) const;
  // The content of `key`, also of a file variable; empty when there is none.
  std::string value(std::string_view key) const;
  // Changes the value of the FIRST variable of that name, or adds one.
  void overwrite_first(std::string_view key, std::string value);

  // A copy in which each value that is not raw is expanded once, against the values of this list.
  // References to file variables give `<temp_dir>/<key>`.
  job_variables expanded(std::string_view temp_dir) const;

  // `text` expanded against these values.
  std::string expand(std::string_view text, std::string_view temp_dir) const;

 private:
  std::vector<job_variable> list_;
};

// Replaces $NAME and ${NAME} by what `look_up` gives, in the way of Go's os.Expand: `$` and one of
// `*#$@!?-0..9` is a name of one character, `${}` and an unclosed `${` vanish, any other `$` stays.
// shells.md 3.2
std::string expand_references(std::string_view text,
                              std::function<std::string(std::string_view)> const& look_up);

}  // namespace corunner
