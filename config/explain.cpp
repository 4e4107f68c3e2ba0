#include "config/explain.hpp"

#include "config/expand.hpp"
#include "config/keys.hpp"
#include "config/suggest.hpp"
#include "config/value_node.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace corunner::config {

namespace {

constexpr std::string_view masked = "[MASKED]";

// What must not be shown: a text that may hold a secret keeps what stands before its "=".
void mask(node& value) {
  switch (value.is) {
    case node::kind::string: {
      auto const sign = value.text.find('=');
      auto const kept = sign == std::string::npos ? 0 : sign + 1;
      if (!value.text.empty()) value.text = value.text.substr(0, kept).append(masked);
      break;
    }
    case node::kind::array:
      for (node& item : value.items) mask(item);
      break;
    case node::kind::table:
      for (entry& each : value.entries) mask(each.value);
      break;
    default: value = node::of(masked);
  }
}

std::string shown(key const& what, field const& value) {
  auto made = value_node(value, true);
  if (!made) return "unset";
  if (std::holds_alternative<secret*>(value)) {
    if (!made->text.empty()) made->text = masked;
  } else if (what.confidential) {
    mask(*made);
  }
  return write_value(*made);
}

// Whether `selector` means the list entry `one`, the `index`th: by its number or its name.
bool selects(std::string const& selector, std::size_t index, section const& what, open_table* one) {
  if (selector == std::to_string(index)) return true;
  auto const* const name = find_key(what, "name");
  if (!name || !name->value) return false;
  auto const value = name->value(one);
  auto* const* text = std::get_if<std::string*>(&value);
  return text && **text == selector;
}

class collector {
 public:
  collector(positions const& where, std::vector<fact>& found) : where_(where), found_(found) {}

  void table(section const& what, open_table* owner, std::string const& path,
             std::span<key_step const> chosen) {
    for (key const& each : what.keys) {
      if (!chosen.empty() && chosen.front().name != each.name) continue;
      auto const here =
          path.empty() ? std::string(each.name) : fmt::format("{}.{}", path, each.name);
      if (each.value) {
        value(each, what, owner, here);
      } else {
        tables(each, owner, here, chosen);
      }
    }
  }

 private:
  void tables(key const& what, open_table* owner, std::string const& path,
              std::span<key_step const> chosen) {
    auto const deeper = chosen.empty() ? chosen : chosen.subspan(1);
    for (std::size_t i = 0; i < what.count(owner); ++i) {
      auto* const one = what.at(owner, i);
      bool const picky = !chosen.empty() && chosen.front().selector;
      if (picky && !selects(*chosen.front().selector, i, *what.table, one)) continue;
      table(*what.table, one, what.list ? fmt::format("{}[{}]", path, i) : path, deeper);
    }
  }

  void value(key const& what, section const& within, open_table* owner, std::string const& path) {
    fact made{path, shown(what, what.value(owner)), std::string(what.doc), {}, {}};
    if (auto const found = where_.find(path); found != where_.end()) made.where = found->second;
    if (what.expands) made.variables = variables_in(within.expansions(owner), what.name);
    found_.push_back(std::move(made));
  }

  static std::vector<std::string> variables_in(expansion_map const& all, std::string_view name) {
    std::vector<std::string> names;
    auto const* const found = find_expansion(all, name);
    if (!found) return names;
    (void)expand(found->written, [&](std::string_view variable) {
      names.emplace_back(variable);
      return std::optional<std::string>();
    });
    return names;
  }

  positions const& where_;
  std::vector<fact>& found_;
};

// Takes "name" or "name[selector]" and the dot behind it off the front.
key_step take_step(std::string_view& text) {
  key_step step;
  auto const end = std::min(text.find_first_of(".["), text.size());
  step.name = text.substr(0, end);
  text.remove_prefix(end);
  if (text.starts_with('[')) {
    auto const close = std::min(text.find(']'), text.size());
    step.selector = text.substr(1, close - 1);
    text.remove_prefix(std::min(close + 1, text.size()));
  }
  if (text.starts_with('.')) text.remove_prefix(1);
  return step;
}

}  // namespace

outcome<std::vector<key_step>> parse_key(std::string_view text) {
  std::vector<key_step> steps;
  auto const* within = &configuration_section();
  while (!text.empty()) {
    if (!within) return failure{fmt::format("'{}' is no table and has no keys", steps.back().name)};
    auto step = take_step(text);
    auto const* const known = find_key(*within, step.name);
    if (!known) {
      auto const hint = hint_for(step.name, *within);
      return failure{
          fmt::format("unknown key '{}'{}{}", step.name, hint.empty() ? "" : ", ", hint)};
    }
    if (step.selector && !known->list) return failure{fmt::format("'{}' is no list", known->name)};
    step.name = known->name;
    steps.push_back(std::move(step));
    within = known->table;
  }
  return steps;
}

std::vector<fact> facts_of(configuration const& what, positions const& where,
                           std::vector<key_step> const& chosen) {
  std::vector<fact> found;
  // Walking does not change it; the accessors are made for both ways.
  collector(where, found)
      .table(configuration_section(), const_cast<configuration*>(&what), "", chosen);
  return found;
}

}  // namespace corunner::config
