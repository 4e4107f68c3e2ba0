#pragma once

#include "net/http_client.hpp"
#include "runner/artifact/artifact_context.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace corunner {

// How one step of a transfer ended: `error` is empty when it worked.
struct transfer_outcome {
  std::string error;
  bool worth_another = false;  // the network or a store that had a bad moment

  bool ok() const { return error.empty(); }
};

// An answer whose body can be read, or why there is none.
struct store_reply {
  std::optional<net::http_response> response;
  transfer_outcome failure;
};

struct store_request {
  std::string method = "GET";
  std::string url;  // presigned: it carries who we are
  net::http_fields fields;
  net::http_body body;
};

// Speaks to an object store by presigned URLs (helper.md 9.4, 9.5). The context outlives it, and it
// its replies.
//
// GET and HEAD follow redirects. So does PUT for 301 to 303, whose target is asked with GET; 307
// and 308 are no success. User and password in a URL become Basic credentials.
class store_client {
 public:
  // `limit`: for one request, with its body.
  store_client(artifact_context& context, std::chrono::minutes limit);

  // The answer, whatever its status is.
  awaitable<store_reply> send(store_request what);

  // What is wrong with an answer that is no success; reads its body.
  awaitable<transfer_outcome> judge(net::http_response& response);

 private:
  awaitable<store_reply> exchange(net::http_request request, std::string const& shown);

  net::http_deadlines deadlines_;
  net::http_client http_;
};

// A URL as a log may show it: without its query, which is the permission, and without user and
// password.
std::string clean_url(std::string_view url);

// ". Request failed with code: C, message: M" of an object store's XML; empty for another body.
std::string store_error_text(std::string_view body);

}  // namespace corunner
