#pragma once

#include "exec/archive/archive_source.hpp"
#include "net/http_message.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace corunner {

// A form with one file, "file", whose content is made while it is sent.
struct multipart_form {
  std::string file_name;
  std::string boundary;  // made by new_boundary()
  // Opens the content anew for every attempt.
  std::function<std::unique_ptr<exec::archive_source>()> open;
  // Told about bytes that went out, and about files that were left out.
  std::function<void(std::uint64_t)> sent;
  std::function<void(std::string const&)> warn;
  // Where the reason goes when the content cannot be made.
  std::shared_ptr<std::string> failure;

  std::string content_type() const { return "multipart/form-data; boundary=" + boundary; }
};

std::string new_boundary();

// The part's head: quotes and backslashes in the name are quoted, line ends percent-encoded.
std::string part_head(std::string_view boundary, std::string_view file_name);

// A body of unknown length; the form is kept by it.
net::http_body make_body(std::shared_ptr<multipart_form const> form);

}  // namespace corunner
