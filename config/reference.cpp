#include "config/reference.hpp"

#include "config/keys.hpp"
#include "config/value_node.hpp"
#include "config/value_type.hpp"

#include <fmt/format.h>

namespace corunner::config {

namespace {

std::string cell(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '|' || c == '<' || c == '*' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string code(std::string_view text) { return text.empty() ? "" : fmt::format("`{}`", text); }

// "`-u`, `--url`" of "u, url".
std::string flags(std::string_view names) {
  std::string out;
  while (!names.empty()) {
    auto const name = names.substr(0, names.find(", "));
    names.remove_prefix(std::min(names.size(), name.size() + 2));
    out += fmt::format("{}`{}{}`", out.empty() ? "" : ", ", name.size() == 1 ? "-" : "--", name);
  }
  return out;
}

class page {
 public:
  std::string take() { return std::move(out_); }

  void table(section const& what, open_table* owner, std::string const& path,
             std::string_view heading, std::string_view about, flag_names const& names) {
    out_ += fmt::format("\n## {}\n\n{}\n\n", heading, cell(about));
    out_ += "| key | type | default | variable | flag | meaning |\n|---|---|---|---|---|---|\n";
    for (key const& each : what.keys) row(each, owner, names);
    for (key const& each : what.keys) {
      if (!each.table) continue;
      auto const below =
          path.empty() ? std::string(each.name) : fmt::format("{}.{}", path, each.name);
      auto const title = each.list ? fmt::format("[[{}]]", below) : fmt::format("[{}]", below);
      table(*each.table, each.add(owner), below, title, each.doc, names_of(each, names));
    }
  }

 private:
  void row(key const& what, open_table* owner, flag_names const& around) {
    auto const names = names_of(what, around);
    auto const meaning = cell(what.doc) + (what.deprecated ? " (deprecated)" : "");
    if (what.table) {
      out_ += fmt::format("| {} | {} |  |  | {} | {} |\n", code(what.name),
                          what.list ? "list of tables" : "table",
                          what.list ? flags(names.flag) : "", meaning);
      return;
    }
    auto const value = what.value(owner);
    out_ += fmt::format("| {} | {} | {} | {} | {} | {} |\n", code(what.name), type_of(value).word,
                        default_of(what, value), code(names.variable), flags(names.flag), meaning);
  }

  static std::string default_of(key const& what, field const& value) {
    if (!what.unset.empty()) return cell(what.unset);
    auto const standing = value_node(value, false);
    return standing ? code(write_value(*standing)) : "";
  }

  std::string out_ =
      "# config.toml\n\n"
      "All keys, by table. Names match in any case. `corunner config explain` prints what is in force and\n"
      "where it came from. Variables and flags are those of `corunner register`.\n";
};

}  // namespace

std::string reference_page() {
  configuration made;
  page out;
  out.table(configuration_section(), &made, "", "The top of the file", "Before the first table.",
            {});
  return out.take();
}

}  // namespace corunner::config
