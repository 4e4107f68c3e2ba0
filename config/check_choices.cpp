#include "config/check.hpp"
#include "config/choices.hpp"
#include "config/keys.hpp"
#include "config/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace corunner::config {

namespace {

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// The texts of a value that choices can be declared for.
std::vector<std::string> texts_of(field const& value) {
  if (auto* const* text = std::get_if<std::string*>(&value)) return {**text};
  if (auto* const* text = std::get_if<std::optional<std::string>*>(&value)) {
    return *text && **text ? std::vector{***text} : std::vector<std::string>();
  }
  if (auto* const* list = std::get_if<std::vector<std::string>*>(&value)) return **list;
  if (auto* const* list = std::get_if<one_or_more*>(&value)) return (*list)->values;
  return {};
}

class choice_check {
 public:
  explicit choice_check(std::vector<problem>& found) : found_(found) {}

  // `around` leads to the table: "runners[0].docker."; `name` is the same without indexes.
  void table(section const& what, open_table* owner, std::string const& around,
             std::string const& name) {
    for (key const& each : what.keys) {
      if (each.value) {
        // An unknown shell is against the schema, which tells it.
        if (each.choices.empty() || each.choices.data() == shell_choices.data()) continue;
        value(each, owner, around, name);
        continue;
      }
      for (std::size_t i = 0; i < each.count(owner); ++i) {
        auto const index = each.list ? fmt::format("[{}]", i) : "";
        table(*each.table, each.at(owner, i), fmt::format("{}{}{}.", around, each.name, index),
              fmt::format("{}{}.", name, each.name));
      }
    }
  }

 private:
  void value(key const& what, open_table* owner, std::string const& around,
             std::string const& name) {
    bool const any_case = what.choices.data() == log_level_choices.data();
    for (auto const& text : texts_of(what.value(owner))) {
      auto const same = any_case ? lower(text) : text;
      bool const known =
          std::find(what.choices.begin(), what.choices.end(), same) != what.choices.end();
      if (known || text.empty()) continue;
      problem made;
      made.kind = problem_kind::useless;
      made.key = name + std::string(what.name);
      made.path = around + std::string(what.name);
      made.text = fmt::format("is '{}', expected one of {}", text, fmt::join(what.choices, ", "));
      if (auto const near = nearest(same, what.choices)) {
        made.text += fmt::format("; did you mean '{}'?", *near);
      }
      found_.push_back(std::move(made));
    }
  }

  std::vector<problem>& found_;
};

}  // namespace

void check_choices(configuration const& what, std::vector<problem>& found) {
  // Walking does not change it; the accessors are made for both ways.
  choice_check(found).table(configuration_section(), const_cast<configuration*>(&what), "", "");
}

}  // namespace corunner::config
