#include "net/dns_message.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <optional>

namespace corunner::net {
namespace {

using boost::asio::ip::address;
using boost::system::error_code;

constexpr std::size_t header_size = 12;
constexpr std::uint16_t class_internet = 1;
constexpr std::uint8_t recursion_desired = 0x01;  // in the third byte
constexpr std::uint8_t is_reply = 0x80;           // in the third byte
constexpr unsigned name_error = 3;                // the low half of the fourth byte

void append_16(std::string& to, unsigned value) {
  to += static_cast<char>(value >> 8 & 0xff);
  to += static_cast<char>(value & 0xff);
}

// Reads forward through a message; every getter is empty past its end.
class cursor {
 public:
  explicit cursor(std::string_view message) : message_(message) {}

  std::optional<unsigned> byte() {
    if (at_ >= message_.size()) return std::nullopt;
    return static_cast<unsigned char>(message_[at_++]);
  }
  std::optional<unsigned> number_16() {
    auto const high = byte();
    auto const low = byte();
    if (!high || !low) return std::nullopt;
    return *high << 8 | *low;
  }
  std::optional<std::string_view> take(std::size_t size) {
    if (size > message_.size() - at_) return std::nullopt;
    auto const taken = message_.substr(at_, size);
    at_ += size;
    return taken;
  }
  // A name ends with an empty label or with a pointer, which need not be followed to step over it.
  bool skip_name() {
    while (auto const size = byte()) {
      if (*size == 0) return true;
      if ((*size & 0xc0) == 0xc0) return byte().has_value();
      if ((*size & 0xc0) != 0 || !take(*size)) return false;
    }
    return false;
  }

 private:
  std::string_view message_;
  std::size_t at_ = 0;
};

address address_of(std::string_view data, dns_type type) {
  if (type == dns_type::a) {
    boost::asio::ip::address_v4::bytes_type bytes;
    std::copy(data.begin(), data.end(), bytes.begin());
    return boost::asio::ip::address_v4(bytes);
  }
  boost::asio::ip::address_v6::bytes_type bytes;
  std::copy(data.begin(), data.end(), bytes.begin());
  return boost::asio::ip::address_v6(bytes);
}

// One record of the answer section. False when the message ends inside it.
bool read_record(cursor& from, dns_type wanted, std::vector<address>& found) {
  if (!from.skip_name()) return false;
  auto const type = from.number_16();
  auto const kind = from.number_16();
  auto const time_to_live = from.take(4);
  auto const size = from.number_16();
  if (!type || !kind || !time_to_live || !size) return false;
  auto const data = from.take(*size);
  if (!data) return false;
  std::size_t const expected = wanted == dns_type::a ? 4 : 16;
  if (*type == static_cast<unsigned>(wanted) && *kind == class_internet &&
      data->size() == expected) {
    found.push_back(address_of(*data, wanted));
  }
  return true;
}

}  // namespace

boost::system::result<std::string> dns_query(std::uint16_t id, std::string_view name,
                                             dns_type type) {
  std::string query;
  append_16(query, id);
  query += static_cast<char>(recursion_desired);
  query += '\0';
  append_16(query, 1);  // one question, no records
  query.append(6, '\0');
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.empty() || name.size() > 253) return error_code(boost::asio::error::host_not_found);
  while (true) {
    auto const size = std::min(name.find('.'), name.size());
    if (size == 0 || size > 63) return error_code(boost::asio::error::host_not_found);
    query += static_cast<char>(size);
    query += name.substr(0, size);
    if (size == name.size()) break;
    name.remove_prefix(size + 1);
  }
  query += '\0';
  append_16(query, static_cast<unsigned>(type));
  append_16(query, class_internet);
  return query;
}

boost::system::result<std::vector<address>> dns_addresses(std::string_view reply, std::uint16_t id,
                                                          dns_type type) {
  error_code const not_ours = boost::asio::error::invalid_argument;
  if (reply.size() < header_size) return not_ours;
  cursor from(reply);
  if (from.number_16() != id) return not_ours;
  auto const flags = from.number_16();
  if ((*flags >> 8 & is_reply) == 0) return not_ours;
  auto const questions = from.number_16();
  auto const answers = from.number_16();
  from.take(4);
  if (auto const code = *flags & 0xf; code != 0) {
    if (code == name_error) return error_code(boost::asio::error::host_not_found);
    return error_code(boost::asio::error::host_not_found_try_again);
  }
  for (unsigned i = 0; i < *questions; ++i) {
    if (!from.skip_name() || !from.take(4)) return not_ours;
  }
  std::vector<address> found;
  for (unsigned i = 0; i < *answers; ++i) {
    if (!read_record(from, type, found)) break;  // a truncated reply: what is there must do
  }
  return found;
}

}  // namespace corunner::net
