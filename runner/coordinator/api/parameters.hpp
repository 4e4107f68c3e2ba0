#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::coordinator {

// The parameters of a request, wherever they stood: query string, form (of either kind) or JSON
// body (a key of the body wins). Unknown ones are ignored by whoever reads (runners-api.md 1.1).
//
// Reading one of the wrong type notes a fault in GitLab's words, and so does require(); a handler
// reads all that it knows and then returns faults() as a 400.
class parameters {
 public:
  // False when it is not what its content type says, or no UTF-8.
  bool add_query(std::string_view text);
  bool add_body(std::string_view content_type, std::string_view body);
  void add(std::string_view key, boost::json::value value);

  bool has(std::string_view key) const;
  bool is_null(std::string_view key) const;
  boost::json::value const* find(std::string_view key) const;

  std::optional<std::string> text(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key);
  std::optional<bool> boolean(std::string_view key);
  // An array, or one text with commas; blank items are dropped.
  std::optional<std::vector<std::string>> list(std::string_view key);
  boost::json::object const* object(std::string_view key);
  // A text out of `values`.
  std::optional<std::string> choice(std::string_view key,
                                    std::initializer_list<std::string_view> values);

  std::string require(std::string_view key);
  // Not more than one of the two.
  void exclusive(std::string_view first, std::string_view second);
  void at_least_one(std::initializer_list<std::string_view> keys);

  void fault(std::string text) { faults_.push_back(std::move(text)); }
  bool good() const { return faults_.empty(); }
  // "token is missing, status does not have a valid value"
  std::string faults() const;

  boost::json::object const& all() const { return values_; }

 private:
  bool add_form(std::string_view boundary, std::string_view body);

  boost::json::object values_;
  std::vector<std::string> faults_;
};

// Splits "a=b&c=d", decoded; `+` is a space.
std::vector<std::pair<std::string, std::string>> split_form(std::string_view text);

}  // namespace corunner::coordinator
