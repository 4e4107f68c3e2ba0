#include "config/document.hpp"

#include "config/field.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner::config {

// Where a value was read is not part of it.
bool node::operator==(node const& right) const {
  return is == right.is && text == right.text && integer == right.integer && real == right.real &&
         boolean == right.boolean && when == right.when && items == right.items &&
         entries == right.entries;
}

node node::of(std::string_view value) {
  node made;
  made.is = kind::string;
  made.text = value;
  return made;
}

node node::of(std::int64_t value) {
  node made;
  made.is = kind::integer;
  made.integer = value;
  return made;
}

node node::of(double value) {
  node made;
  made.is = kind::real;
  made.real = value;
  return made;
}

node node::of(bool value) {
  node made;
  made.is = kind::boolean;
  made.boolean = value;
  return made;
}

node node::of(std::chrono::system_clock::time_point value) {
  node made;
  made.is = kind::datetime;
  made.when = value;
  made.text = format_timestamp(value);
  return made;
}

namespace {

std::string basic_string(std::string_view text) {
  std::string out = "\"";
  for (unsigned char const c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\t': out += "\\t"; break;
      case '\n': out += "\\n"; break;
      case '\f': out += "\\f"; break;
      case '\r': out += "\\r"; break;
      default:
        if (c < 0x20 || c == 0x7f) {
          out += fmt::format("\\u{:04x}", c);
        } else {
          out += static_cast<char>(c);
        }
    }
  }
  return out + '"';
}

std::string key_text(std::string_view key) {
  bool const bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  return bare ? std::string(key) : basic_string(key);
}

std::string real_text(double value) {
  auto text = fmt::format("{}", value);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

std::string inline_text(node const& value) {
  std::string out;
  switch (value.is) {
    case node::kind::string: return basic_string(value.text);
    case node::kind::integer: return fmt::format("{}", value.integer);
    case node::kind::real: return real_text(value.real);
    case node::kind::boolean: return value.boolean ? "true" : "false";
    case node::kind::datetime: return value.text;
    case node::kind::array:
      for (node const& item : value.items) out += (out.empty() ? "" : ", ") + inline_text(item);
      return "[" + out + "]";
    case node::kind::table:
      for (entry const& each : value.entries) {
        out += (out.empty() ? "" : ", ") + key_text(each.key) + " = " + inline_text(each.value);
      }
      return "{" + out + "}";
  }
  return out;
}

bool is_table_list(node const& value) {
  return value.is == node::kind::array && !value.items.empty() &&
         std::all_of(value.items.begin(), value.items.end(),
                     [](node const& item) { return item.is == node::kind::table; });
}

bool is_plain(node const& value) { return value.is != node::kind::table && !is_table_list(value); }

class writer {
 public:
  // The contents of a table whose full name is `path`, `depth` tables deep.
  void write(node const& table, std::string const& path, int depth) {
    for (entry const& each : table.entries) {
      if (!is_plain(each.value)) continue;
      indent(depth);
      out_ += key_text(each.key) + " = " + inline_text(each.value) + '\n';
    }
    for (entry const& each : table.entries) {
      if (is_plain(each.value)) continue;
      auto const name = path.empty() ? key_text(each.key) : path + '.' + key_text(each.key);
      if (each.value.is == node::kind::table) {
        if (depth == 0) empty_line();
        header(each.value, "[" + name + "]", name, depth);
        continue;
      }
      for (node const& item : each.value.items) {
        empty_line();
        header(item, "[[" + name + "]]", name, depth);
      }
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void header(node const& table, std::string const& line, std::string const& path, int depth) {
    indent(depth);
    out_ += line + '\n';
    write(table, path, depth + 1);
  }

  void indent(int depth) { out_.append(static_cast<std::size_t>(depth) * 2, ' '); }

  void empty_line() {
    if (!out_.empty()) out_ += '\n';
  }

  std::string out_;
};

}  // namespace

std::string write_value(node const& value) { return inline_text(value); }

std::string write_toml(node const& table) {
  writer out;
  out.write(table, "", 0);
  return out.take();
}

}  // namespace corunner::config
