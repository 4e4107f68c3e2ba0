#include "net/protobuf.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <array>
#include <limits>
#include <utility>

using namespace corunner;
using net::protobuf_field;
using net::protobuf_reader;
using net::protobuf_writer;

namespace {

template <std::size_t N>
std::string bytes(char const (&literal)[N]) {
  return {literal, N - 1};
}

// "1=150 2='testing'", or "bad" when the message is.
std::string read(std::string_view message) {
  protobuf_reader reader(message);
  std::string all;
  while (true) {
    auto const field = reader.next();
    if (!field) return "bad";
    if (!*field) return all;
    if (!all.empty()) all += ' ';
    auto const& what = **field;
    all += what.type == protobuf_field::kind::bytes ? fmt::format("{}='{}'", what.id, what.bytes)
                                                    : fmt::format("{}={}", what.id, what.number);
  }
}

}  // namespace

TEST_CASE("protobuf fields of every type are read in their order", "[net][protobuf]") {
  CHECK(read("") == "");
  CHECK(read(bytes("\x08\x96\x01")) == "1=150");
  CHECK(read(bytes("\x12\x07testing\x08\x01")) == "2='testing' 1=1");
  CHECK(read(bytes("\x0d\x01\x02\x00\x00\x11\x00\x00\x00\x00\x00\x00\x00\x80")) ==
        "1=513 2=9223372036854775808");
  CHECK(read(bytes("\x0a\x00")) == "1=''");
  CHECK(read(bytes("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")) == "1=18446744073709551615");
  CHECK(read(bytes("\xf8\xff\xff\xff\x0f\x07")) == "536870911=7");
}

TEST_CASE("protobuf groups are passed over with all that is in them", "[net][protobuf]") {
  CHECK(read(bytes("\x0b\x0c\x10\x01")) == "2=1");
  CHECK(read(bytes("\x0b\x10\x05\x1a\x02xx\x1b\x15\x01\x01\x01\x01\x1c\x0c\x10\x01")) == "2=1");
  CHECK(read(std::string(32, '\x0b') + std::string(32, '\x0c') + "\x10\x01") == "2=1");
}

TEST_CASE("protobuf that breaks the rules is refused", "[net][protobuf]") {
  std::pair<char const*, std::string> const bad[] = {
      {"a key that is cut off", bytes("\x80")},
      {"a number that is cut off", bytes("\x08\x80")},
      {"a number of ten bytes with more than 64 bits",
       bytes("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02")},
      {"a number of eleven bytes", bytes("\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01")},
      {"field number 0", bytes("\x00\x01")},
      {"field number 2^29", bytes("\x80\x80\x80\x80\x10\x01")},
      {"type 6", bytes("\x0e\x01")},
      {"type 7", bytes("\x0f\x01")},
      {"a length beyond the end", bytes("\x0a\x02x")},
      {"a length of 2^64 - 1", bytes("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01x")},
      {"four bytes that are three", bytes("\x0d\x01\x02\x03")},
      {"eight bytes that are seven", bytes("\x09\x01\x02\x03\x04\x05\x06\x07")},
      {"the end of a group that never began", bytes("\x0c")},
      {"a group without end", bytes("\x0b\x08\x01")},
      {"a group that ends as another", bytes("\x0b\x14")},
      {"groups 33 deep", std::string(33, '\x0b') + std::string(33, '\x0c')},
      {"a bad field in a group", bytes("\x0b\x0a\x05x\x0c")},
  };
  for (auto const& [title, message] : bad) {
    CAPTURE(title);
    CHECK(read(message) == "bad");
  }
}

TEST_CASE("protobuf is written as it is read, without defaults", "[net][protobuf]") {
  protobuf_writer writer;
  writer.number(1, 150);
  writer.number(2, 0);
  writer.text(3, "");
  writer.text(4, "text");
  writer.bytes(5, "");
  writer.number(16, std::numeric_limits<std::uint64_t>::max());
  CHECK(writer.message() == bytes("\x08\x96\x01\x22\x04text\x2a\x00\x80\x01"
                                  "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
  CHECK(read(writer.message()) == "1=150 4='text' 5='' 16=18446744073709551615");
}
