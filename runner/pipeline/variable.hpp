#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace corunner::pipeline {

// A CI/CD variable with the marks that travel with it to the runner.
struct variable {
  std::string key;
  std::string value;
  bool is_public = true;  // may be shown; wire name `public`
  bool masked = false;
  bool file = false;
  bool raw = false;  // the value is never expanded (`expand: false`)

  friend bool operator==(variable const&, variable const&) = default;
};

// Variables in order of precedence: a later definition of a key replaces an earlier one in place.
//
// Order of first appearance is kept, because that is the order in which they are sent.
class variable_list {
 public:
  variable_list() = default;
  explicit variable_list(std::vector<variable> const& from) { set_all(from); }

  void set(variable what);
  void set(std::string_view key, std::string_view value) {
    set({std::string(key), std::string(value)});
  }
  void set_all(std::vector<variable> const& from);

  variable const* find(std::string_view key) const;
  std::optional<std::string> value(std::string_view key) const;

  std::vector<variable> const& items() const { return items_; }
  std::vector<variable> take() && { return std::move(items_); }

 private:
  std::vector<variable> items_;
  std::unordered_map<std::string, std::size_t> place_;
};

// What happens to a reference to a variable that does not exist.
enum class undefined_reference { keep, blank };

// Replaces `$name`, `${name}` and `%name%` in `text`, once: replaced text is not looked at again.
//
// `$$` and `%%` stay as they are, for the runner. References to raw and file variables stay too.
std::string expand(std::string_view text, variable_list const& with, undefined_reference undefined);

// Names that `text` refers to, in order, repetitions included.
std::vector<std::string> references(std::string_view text);

// Expands the values of all variables by one another, dependencies first, the way GitLab does it
// before a job is handed to a runner. Undefined references are kept; raw and file values and
// references to them are left alone.
struct sorted_expansion {
  variable_list variables;
  // Not empty: a circle of references (or a chain too long, or a value too big); nothing expanded.
  std::vector<std::string> cycle;
};
sorted_expansion expand_all(variable_list const& in);

}  // namespace corunner::pipeline
