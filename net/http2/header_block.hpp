#pragma once

#include "net/http_message.hpp"

#include <nghttp2/nghttp2.h>

#include <deque>
#include <vector>

namespace corunner::net {

// Fields as nghttp2 takes them, names in lower case. It copies them: the block may go after the
// call.
class header_block {
 public:
  // With a status it is the header of a response.
  explicit header_block(http_fields const& fields, int status = 0);

  std::vector<nghttp2_nv> const& pointers() const { return pointers_; }

 private:
  void add(std::string name, std::string value);

  std::deque<http_fields::field> texts_;  // does not move what it holds
  std::vector<nghttp2_nv> pointers_;
};

}  // namespace corunner::net
