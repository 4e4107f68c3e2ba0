#include "config/schema.hpp"

#include "config/choices.hpp"
#include "config/keys.hpp"
#include "config/value_node.hpp"
#include "config/value_type.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner::config {

namespace {

// JSON of a text: what TOML writes for it is that, too.
std::string json_text(std::string_view text) { return write_value(node::of(text)); }

// "[Ii][Nn][Ff][Oo]": the choices in any case.
std::string any_case_pattern(std::span<std::string_view const> choices) {
  std::string out;
  for (auto const choice : choices) {
    out += out.empty() ? "" : "|";
    for (char const c : choice) {
      out += '[';
      out += static_cast<char>(c - 'a' + 'A');
      out += c;
      out += ']';
    }
  }
  return "^(" + out + ")$";
}

std::string choices_of(key const& what, field const& value) {
  if (what.choices.data() == log_level_choices.data()) {
    return fmt::format(R"("type": "string", "pattern": {})",
                       json_text(any_case_pattern(what.choices)));
  }
  std::vector<std::string> words;
  for (auto const choice : what.choices) words.push_back(json_text(choice));
  auto const list = fmt::format("[{}]", fmt::join(words, ", "));
  if (std::holds_alternative<std::vector<std::string>*>(value)) {
    return fmt::format(R"("type": "array", "items": {{"enum": {}}})", list);
  }
  if (std::holds_alternative<one_or_more*>(value)) {
    return fmt::format(
        R"("anyOf": [{{"enum": {0}}}, {{"type": "array", "items": {{"enum": {0}}}}}])", list);
  }
  words.push_back(json_text(""));
  return fmt::format(R"("enum": [{}])", fmt::join(words, ", "));
}

class schema_writer {
 public:
  std::string take() { return std::move(out_); }

  // The members of an object that describes a table of `what`.
  void table(section const& what, open_table* owner, int depth) {
    line(depth, R"("type": "object",)");
    line(depth, R"("additionalProperties": false,)");
    line(depth, R"("properties": {)");
    for (key const& each : what.keys) property(each, owner, depth + 1, &each == &what.keys.back());
    line(depth, "}");
  }

  void line(int depth, std::string_view text) {
    out_.append(static_cast<std::size_t>(depth) * 2, ' ').append(text) += '\n';
  }

 private:
  void property(key const& what, open_table* owner, int depth, bool last) {
    line(depth, fmt::format("{}: {{", json_text(what.name)));
    line(depth + 1, fmt::format(R"("description": {},)", json_text(described(what))));
    if (what.deprecated) line(depth + 1, R"("deprecated": true,)");
    if (what.value) {
      value(what, what.value(owner), depth + 1);
    } else if (what.list) {
      line(depth + 1, R"("type": "array",)");
      line(depth + 1, R"("items": {)");
      table(*what.table, what.add(owner), depth + 2);
      line(depth + 1, "}");
    } else {
      table(*what.table, what.add(owner), depth + 1);
    }
    line(depth, last ? "}" : "},");
  }

  static std::string described(key const& what) {
    if (what.unset.empty()) return std::string(what.doc);
    return fmt::format("{}. Default: {}", what.doc, what.unset);
  }

  void value(key const& what, field const& given, int depth) {
    auto const type =
        what.choices.empty() ? std::string(type_of(given).schema) : choices_of(what, given);
    auto standing = what.unset.empty() ? value_node(given, false) : std::nullopt;
    if (standing && standing->is == node::kind::datetime) standing.reset();  // no time at all
    line(depth, standing ? type + "," : type);
    if (standing) line(depth, R"("default": )" + write_value(*standing));
  }

  std::string out_;
};

}  // namespace

std::string json_schema() {
  configuration made;
  schema_writer out;
  out.line(0, "{");
  out.line(1, R"("$schema": "https://json-schema.org/draft/2020-12/schema",)");
  out.line(1, R"("title": "config.toml",)");
  out.table(configuration_section(), &made, 1);
  out.line(0, "}");
  return out.take();
}

}  // namespace corunner::config
