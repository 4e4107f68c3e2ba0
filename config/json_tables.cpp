#include "config/decode_table.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

namespace corunner::config {

namespace {

node node_of(boost::json::value const& from) {
  node made;
  if (auto const* const text = from.if_string()) return node::of(std::string_view(*text));
  if (auto const* const number = from.if_int64()) return node::of(*number);
  if (auto const* const number = from.if_double()) return node::of(*number);
  if (auto const* const truth = from.if_bool()) return node::of(*truth);
  if (auto const* const items = from.if_array()) {
    made.is = node::kind::array;
    for (auto const& item : *items) made.items.push_back(node_of(item));
  }
  if (auto const* const members = from.if_object()) {
    for (auto const& [name, member] : *members) {
      if (!member.is_null()) made.entries.push_back({name, node_of(member)});
    }
  }
  return made;
}

}  // namespace

std::optional<failure> set_tables_from_json(key const& what, open_table* owner,
                                            std::string_view json) {
  boost::system::error_code ec;
  auto const parsed = boost::json::parse({json.data(), json.size()}, ec);
  if (ec) return failure{"invalid JSON: " + ec.message()};
  return decode_tables(node_of(parsed), what, owner);
}

}  // namespace corunner::config
