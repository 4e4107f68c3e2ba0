#pragma once

#include "config/secret.hpp"
#include "net/http_message.hpp"
#include "net/url.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::gitlab {

// One call of the Runners API in the name of a person or of a runner's token; what `corunner
// runners` and `register` with an access token are made of. Wire: runners-api.md 1 and 4.
struct management_call {
  std::string method = "GET";
  std::string path;          // below /api/v4/, its segments percent-encoded
  std::string query;         // without '?', percent-encoded
  boost::json::object body;  // sent as JSON unless empty
  secret access_token;       // personal, project or group access token; empty: not sent

  // What is done twice when it is sent twice: only repeated when the server surely did nothing.
  bool only_once = false;
};

struct management_answer {
  std::string method;
  net::url target;           // without query
  int status = -1;           // HTTP; negative: no answer, `failure` says why
  std::string failure;
  std::string body;          // as it came
  std::string content_type;
  std::string next_query;    // of the page behind this one; empty: there is none
  std::string moved_to;      // another origin that the server sent us to, where no token follows
  std::optional<std::chrono::seconds> retry_after;

  bool ok() const { return status / 100 == 2; }
  bool is_json() const;
};

// The members "id", "token" and "token_expires_at" of what GitLab says of a runner (of anything:
// its id).
struct runner_identity;
runner_identity identity_of(boost::json::value const& tree);

// The query of the next page: that of the Link header, or `query` with the page of X-Next-Page.
// Only the query is taken: the token goes nowhere but to the URL that the person named.
std::string next_page_query(net::http_fields const& fields, std::string_view query);

// `query` with `name` set to `value`, in the place where it stood.
std::string with_parameter(std::string_view query, std::string_view name, std::string_view value);

// The texts of the elements of a JSON array, byte for byte; nothing when `array` is not one.
// Elements themselves are not looked into: parse what matters.
std::optional<std::vector<std::string_view>> elements_of(std::string_view array);

}  // namespace corunner::gitlab
