#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace corunner::coordinator {

struct multipart_part {
  std::string name;
  std::string filename;  // empty: a plain field
};

// Takes a multipart/form-data body apart as it comes (RFC 7578). Pure: bytes go in, parts come out.
//
// Holds back at most a boundary's length of data, and one part's header (16 KiB at most).
class multipart_parser {
 public:
  // `boundary` as in the content type, see boundary_of().
  explicit multipart_parser(std::string_view boundary);

  std::function<void(multipart_part const&)> part_begins;
  std::function<void(std::string_view)> part_data;
  std::function<void()> part_ends;

  // False when this is not such a body.
  bool feed(std::string_view bytes);
  // The closing boundary has come.
  bool finished() const { return at_ == place::epilogue; }

 private:
  enum class place { preamble, after_boundary, header, data, epilogue };

  bool step(bool& progress);
  bool read_header();
  void pass_data(std::size_t count);

  std::string boundary_;  // "\r\n--" and the boundary
  std::string held_;
  place at_ = place::preamble;
};

// The boundary of a content type, empty when there is none.
std::string boundary_of(std::string_view content_type);

}  // namespace corunner::coordinator
