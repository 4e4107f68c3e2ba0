#pragma once

#include "net/http_message.hpp"

#include <boost/json/value.hpp>

#include <initializer_list>
#include <string>
#include <string_view>

namespace corunner::coordinator {

// An answer that fits into memory.
struct reply {
  int status = 200;
  net::http_fields fields;
  std::string body;

  reply&& with(std::string_view name, std::string_view value) && {
    fields.set(name, value);
    return std::move(*this);
  }
};

reply json_reply(int status, boost::json::value const& body);
// Text bodies of the job API: the status number.
reply number_reply(int status);
reply empty_reply(int status);

// The two shapes of errors (runners-api.md 1.2): parameters and tokens are `error`, the endpoint's
// own refusals are `message`.
reply error_reply(int status, std::string_view text);
reply message_reply(int status, std::string_view text);
// `404 Runner Not Found`
reply not_found(std::string_view what = {});
// `403 Forbidden`, `403 Forbidden - <detail>`
reply forbidden(std::string_view detail = {});
// `400 Bad request - <detail>`
reply bad_request(std::string_view detail = {});
reply unauthorized();
// 429
reply too_many_requests();
// 412: the resource changed since the client saw it
reply precondition_failed();
// 422: a project runner that lost its projects
reply orphaned_runner();
// 400 with `{"message": {"<field>": ["<text>"]}}`
struct field_error {
  std::string field;
  std::string text;
};
reply model_error(std::vector<field_error> const& errors);

}  // namespace corunner::coordinator
