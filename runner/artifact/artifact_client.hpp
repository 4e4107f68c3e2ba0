#pragma once

#include "net/http_client.hpp"
#include "runner/artifact/artifact_context.hpp"
#include "runner/artifact/artifact_options.hpp"

#include <memory>
#include <optional>
#include <string>

namespace corunner {

// How a request about artifacts goes out.
struct artifact_request {
  enum class redirects {
    returned,  // the answer itself
    followed,  // credentials stay with their origin (protocol.md 1.8)
  };

  std::string method = "GET";
  std::string url;            // with its query
  bool token = true;          // JOB-TOKEN and X-Request-Id
  bool repeated = true;       // below the attempts of the command (protocol.md 1.9)
  redirects how = redirects::followed;
  net::http_body body;
  std::string content_type;
  std::string range;
  std::shared_ptr<std::string const>
      body_failure;  // why the body could not be made, once it could not
};

// What came back: an answer whose body can be read, or why there is none.
struct artifact_reply {
  std::optional<net::http_response> response;
  std::string error;
  std::string correlation_id;  // the server's, else our own
  bool away = false;           // no answer, or one of a gateway whose server is away

  int status() const { return response ? response->status : 0; }
};

// Sends the requests of one artifact command. The context outlives it, and it its replies.
class artifact_client {
 public:
  artifact_client(artifact_context& context, artifact_credentials credentials,
                  net::http_deadlines deadlines);

  // "<url>/api/v4/jobs/<id>/artifacts?<query>"; the "?" is always there.
  std::string artifacts_url(std::string const& query) const;

  awaitable<artifact_reply> send(artifact_request what);

 private:
  awaitable<result<net::http_response>> exchange(artifact_request const& what,
                                                 std::string const& request_id,
                                                 std::string& explanation);

  artifact_context& context_;
  artifact_credentials credentials_;
  net::http_deadlines deadlines_;
  net::http_client http_;
};

// 32 hexadecimal digits.
std::string new_request_id();

// `key=value` pairs joined by '&', in the given order, form-encoded; empty values are left out.
std::string form_query(std::initializer_list<std::pair<std::string_view, std::string_view>> pairs);

}  // namespace corunner
