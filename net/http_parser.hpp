#pragma once

#include "net/http_message.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace corunner::net {

// What stands before the body.
struct http_head {
  std::string method;  // requests
  std::string target;
  int status = 0;  // responses
  std::string reason;
  http_fields fields;
};

// One HTTP/1.x message, fed by hand: bytes in, head and body bytes out. No I/O.
//
// A message that could be understood in two ways (two lengths, an unknown transfer coding, blanks
// where none belong) is refused: errc::bad_message. After an error the parser is done for.
class http_parser {
 public:
  enum class kind { request, response, response_to_head };

  http_parser(kind what, std::size_t header_limit);
  ~http_parser();
  http_parser(http_parser&&) noexcept;
  http_parser& operator=(http_parser&&) noexcept;

  struct progress {
    std::size_t consumed = 0;  // of the input
    std::size_t produced = 0;  // body bytes in the output
  };
  // Takes what it can of `in`, which begins with what the last call left, and stops once the head
  // is complete, the output full, or the message at its end. Consuming nothing means: more bytes
  // first.
  result<progress> put(std::string_view in, asio::mutable_buffer body = {});

  // The peer ends its side here: an error unless that ends the message.
  error_code put_eof();

  bool started() const;
  bool head_done() const;
  bool done() const;
  // From here on the head is complete.
  bool keep_alive() const;
  bool version_1_1() const;
  bool chunked() const;
  std::optional<std::uint64_t> content_length() const;
  http_head& head();

 private:
  struct machine;
  template <bool IsRequest>
  struct machine_of;
  std::unique_ptr<machine> machine_;
};

}  // namespace corunner::net
