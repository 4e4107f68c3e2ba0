#pragma once

#include <span>
#include <string_view>

namespace corunner {

// The sub-commands of `corunner runners` as data: a row says which call of the Runners API it
// makes, what may be given with it and how the answer is shown. Wire: runners-api.md 4.

// What a call is about. It decides among the routes of an operation; the person says it by a flag,
// by the number of a runner, or not at all (own).
enum class aim { own, all, instance, project, group, runner, token };

struct route {
  aim about;
  std::string_view path;         // ":id", ":project" and ":group" stand for what was given
  std::string_view fields =
      "";  // of the body, besides the parameters: "runner_type=group_type group_id=:group"
};

enum class shape {
  text,
  number,   // "none" is null
  boolean,  // a switch, also "--x=false"
  tags,     // separated by commas, may be repeated
  choice,   // one of `choices`
};

// A flag and the parameter of the API that it sets: of the query for GET, else of the body.
struct parameter {
  std::string_view flag;
  std::string_view field;
  shape takes;
  std::string_view doc;
  std::string_view choices = "";  // separated by '|'; the ending "_type" may be left out
};

enum class view {
  runners,   // a table
  jobs,      // "
  managers,  // "
  projects,  // "
  runner,    // one runner, a line for each thing known of it
  token,     // a new token: alone on standard output
  verified,  // whose token it is
  done,      // `said`
};

struct operation {
  std::string_view method;
  std::span<route const> routes;
  std::span<parameter const> parameters;
  view shows;
  std::string_view said = "";      // "runner {} is paused"
  std::string_view question = "";  // "Delete", asked before
  bool lists = false;              // pages are followed
  bool only_once = false;          // twice would make two
  bool needs_parameter = false;

  bool has(aim about) const {
    for (route const& each : routes) {
      if (each.about == about) return true;
    }
    return false;
  }
};

}  // namespace corunner
