#pragma once

#include <boost/json.hpp>

#include <string>

namespace corunner::pipeline::test {

// JSON with one member a line, so that a diff of golden files can be read.
inline void write_json(boost::json::value const& value, std::string const& indent,
                       std::string& out) {
  std::string const deeper = indent + "  ";
  if (value.is_object() && !value.get_object().empty()) {
    out += "{";
    char const* comma = "\n";
    for (auto const& [key, member] : value.get_object()) {
      out += comma + deeper + boost::json::serialize(boost::json::value(key)) + ": ";
      write_json(member, deeper, out);
      comma = ",\n";
    }
    out += "\n" + indent + "}";
  } else if (value.is_array() && !value.get_array().empty()) {
    out += "[";
    char const* comma = "\n";
    for (boost::json::value const& item : value.get_array()) {
      out += comma + deeper;
      write_json(item, deeper, out);
      comma = ",\n";
    }
    out += "\n" + indent + "]";
  } else {
    out += boost::json::serialize(value);
  }
}

inline std::string json_text(boost::json::value const& value) {
  std::string out;
  write_json(value, {}, out);
  return out + "\n";
}

}  // namespace corunner::pipeline::test
