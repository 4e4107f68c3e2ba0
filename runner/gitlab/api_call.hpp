#pragma once

// The inside of api_client: one call on its way, and what came back.

#include "runner/gitlab/api_client.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace corunner::gitlab {

// Results besides HTTP statuses (protocol.md 1.10).
inline constexpr int transport_failed = -1;
inline constexpr int url_unusable = -100;

// Bounds of what is read into memory.
inline constexpr std::size_t largest_answer = 32 * 1024 * 1024;
inline constexpr std::size_t largest_error = 64 * 1024;

struct api_client::call {
  std::string method;
  std::string path;  // below the base, with its query
  net::http_fields fields;
  net::http_body body;
  std::optional<std::chrono::milliseconds> answer_within;  // instead of the client's usual limit
  // Repeated only after an answer that says that nothing was done.
  bool only_once = false;
  // When the server asks for a longer one before a repetition, its answer stands.
  std::chrono::milliseconds longest_pause = std::chrono::hours(1);

  // A call with a JSON body, and one that expects a JSON answer, too.
  static call with_json(std::string method, std::string path, boost::json::object const& body);
  static call for_json(std::string method, std::string path, boost::json::object const& body);
  void authorize(std::string_view field, secret const& token);
};

struct api_client::reply {
  int status = transport_failed;
  std::string method;
  net::url target;
  net::http_response response;  // with its header; the body was read
  std::string body;
  std::string failure;  // when there was no answer
  std::string correlation_id;
  unsigned attempts = 0;
  bool cancelled = false;  // by us
  bool retried = false;

  std::string_view field(std::string_view name) const { return response.fields.get(name); }
  answer_note note() const {
    return {correlation_id, std::string(field("Job-Status")), std::string(field("Range"))};
  }
  // What a log says about an answer that is not the expected one.
  std::string message() const;
  void fail(std::string reason);
};

struct api_client::json_reply {
  reply answer;
  std::optional<boost::json::value> tree;  // set when the status was the expected one
};

}  // namespace corunner::gitlab
