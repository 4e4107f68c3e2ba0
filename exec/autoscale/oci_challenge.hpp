#pragma once

#include "net/http_message.hpp"

#include <map>
#include <string>
#include <vector>

namespace corunner::exec {

// What a registry that answers 401 wants to see: a header field WWW-Authenticate, taken apart (RFC
// 9110, 11.6.1).
struct oci_challenge {
  std::string scheme;                             // lower case: "basic", "bearer"
  std::map<std::string, std::string> parameters;  // names in lower case: "realm", "service"

  std::string parameter(std::string const& name) const;
  bool operator==(oci_challenge const&) const = default;
};

// All of them, in order. What is not understood is left out.
std::vector<oci_challenge> challenges_in(net::http_fields const& fields);

}  // namespace corunner::exec
