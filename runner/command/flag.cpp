#include "runner/command/flag.hpp"

#include "config/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace corunner {

std::vector<std::string_view> flag::each_name() const {
  std::vector<std::string_view> all;
  for (std::string_view rest = names; !rest.empty();) {
    auto const comma = rest.find(", ");
    all.push_back(rest.substr(0, comma));
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 2);
  }
  return all;
}

namespace {

std::optional<config::failure> give(flag const& which, std::string_view text) {
  return which.take ? which.take(text) : config::set_from_text(which.target, text);
}

// "-x", "--x=y": a word that is meant as a flag. A single dash is an argument.
struct flag_word {
  std::string name;
  std::optional<std::string> value;  // behind "="
};

std::optional<flag_word> as_flag(std::string_view word) {
  if (word.size() < 2 || word.front() != '-') return std::nullopt;
  word.remove_prefix(1);
  if (word.front() == '-') word.remove_prefix(1);
  auto const equals = word.find('=');
  if (equals == std::string_view::npos) return flag_word{std::string(word), std::nullopt};
  return flag_word{std::string(word.substr(0, equals)), std::string(word.substr(equals + 1))};
}

// Flags that every command has.
bool is_help(std::string_view name) { return name == "h" || name == "help" || name == "help-all"; }

class flag_parser {
 public:
  explicit flag_parser(std::vector<flag> const& flags) : flags_(flags) {}

  void take_variables(config::environment const& variables);
  void take_words(std::vector<std::string> const& words);
  std::vector<std::string> known_first(std::vector<std::string> const& words) const;
  parsed_flags finish();

 private:
  flag const* find(std::string_view name) const;
  bool unknown(std::string const& name);
  bool is_known(std::string_view word) const;
  // Consumes words[at] as a flag, with its value; false when parsing cannot go on.
  bool take_flag(flag_word const& word, std::vector<std::string> const& words, std::size_t& at);
  bool take_switch(flag const& which, flag_word const& word);
  bool take_value(flag const& which, std::string const& name, std::string const& value);
  bool fail(std::string message);
  void check_forms();

  std::vector<flag> const& flags_;
  parsed_flags result_;
  std::set<std::string> seen_;
};

bool flag_parser::fail(std::string message) {
  result_.failure = std::move(message);
  return false;
}

flag const* flag_parser::find(std::string_view name) const {
  for (flag const& each : flags_) {
    auto const names = each.each_name();
    if (std::find(names.begin(), names.end(), name) != names.end()) return &each;
  }
  return nullptr;
}

bool flag_parser::unknown(std::string const& name) {
  std::vector<std::string_view> names{"help", "help-all"};
  for (flag const& each : flags_) {
    for (auto const known : each.each_name()) {
      if (known.size() > 1) names.push_back(known);
    }
  }
  if (auto const near = config::nearest(name, names)) {
    result_.hint = fmt::format("did you mean '--{}'?", *near);
  }
  return fail("flag provided but not defined: -" + name);
}

void flag_parser::take_variables(config::environment const& variables) {
  for (flag const& each : flags_) {
    if (each.variable.empty()) continue;
    auto const value = variables(each.variable);
    if (!value) continue;
    auto const is_boolean = config::is_switch(each.target) ||
                            std::holds_alternative<std::optional<bool>*>(each.target);
    // An empty variable switches a boolean on.
    auto const text = value->empty() && is_boolean ? std::string("true") : *value;
    if (auto const why = give(each, text)) {
      fail(fmt::format("could not parse {} as value for flag {}: {}", *value,
                       each.each_name().front(), why->message));
      return;
    }
  }
}

bool flag_parser::take_switch(flag const& which, flag_word const& word) {
  // "--locked=" switches it on, too.
  auto const value = word.value && !word.value->empty() ? *word.value : std::string("true");
  if (auto const why = give(which, value)) {
    return fail(
        fmt::format("invalid boolean value \"{}\" for -{}: {}", value, word.name, why->message));
  }
  return true;
}

bool flag_parser::take_value(flag const& which, std::string const& name, std::string const& value) {
  if (auto const why = give(which, value)) {
    return fail(fmt::format("invalid value \"{}\" for flag -{}: {}", value, name, why->message));
  }
  return true;
}

bool flag_parser::take_flag(flag_word const& word, std::vector<std::string> const& words,
                            std::size_t& at) {
  auto const* const which = find(word.name);
  if (!which) {
    if (!is_help(word.name)) return unknown(word.name);
    result_.help = true;
    result_.all_of_help = result_.all_of_help || word.name == "help-all";
    return true;
  }
  seen_.insert(word.name);
  if (config::is_switch(which->target)) return take_switch(*which, word);
  if (word.value) return take_value(*which, word.name, *word.value);
  if (at + 1 >= words.size()) return fail("flag needs an argument: -" + word.name);
  return take_value(*which, word.name, words[++at]);
}

void flag_parser::take_words(std::vector<std::string> const& words) {
  if (!result_.failure.empty()) return;
  for (std::size_t at = 0; at < words.size(); ++at) {
    if (words[at] == "--") {
      result_.arguments.insert(result_.arguments.end(), words.begin() + static_cast<long>(at) + 1,
                               words.end());
      break;
    }
    auto const word = as_flag(words[at]);
    if (word) {
      if (!take_flag(*word, words, at)) return;
      continue;
    }
    result_.arguments.assign(words.begin() + static_cast<long>(at), words.end());
    break;
  }
  check_forms();
}

bool flag_parser::is_known(std::string_view word) const {
  if (word == "--") return false;
  auto const named = as_flag(word);
  return named && (find(named->name) || is_help(named->name));
}

// The flags that we know to the front, each with the word behind it if that is none of them: it may
// be its value. Everything from "--" on stays behind. (urfave/cli; helper.md 1)
std::vector<std::string> flag_parser::known_first(std::vector<std::string> const& words) const {
  std::vector<std::string> front;
  std::vector<std::string> rest;
  bool may_be_value = false;
  for (std::size_t at = 0; at < words.size(); ++at) {
    auto const& word = words[at];
    bool const known = is_known(word);
    if (may_be_value && !known) {
      front.push_back(word);
      may_be_value = false;
    } else if (word == "--") {
      front.push_back(word);
      rest.insert(rest.end(), words.begin() + static_cast<long>(at) + 1, words.end());
      break;
    } else if (known) {
      front.push_back(word);
      may_be_value = word.find('=') == std::string::npos;
    } else {
      rest.push_back(word);
    }
  }
  front.insert(front.end(), rest.begin(), rest.end());
  return front;
}

void flag_parser::check_forms() {
  for (flag const& each : flags_) {
    auto names = each.each_name();
    std::erase_if(names, [&](std::string_view name) { return !seen_.contains(std::string(name)); });
    if (names.size() < 2) continue;
    fail(fmt::format("Cannot use two forms of the same flag: {} {}", names[1], names[0]));
    return;
  }
}

parsed_flags flag_parser::finish() { return std::move(result_); }

}  // namespace

parsed_flags parse_flags(std::vector<flag> const& flags, std::vector<std::string> const& words,
                         config::environment const& variables, mixing how) {
  flag_parser parser(flags);
  parser.take_variables(variables);
  parser.take_words(how == mixing::anywhere ? parser.known_first(words) : words);
  return parser.finish();
}

std::string default_of(flag const& what) {
  return what.take ? "" : config::default_text(what.target);
}

namespace {

std::string option_names(flag const& what) {
  std::string out;
  for (auto const name : what.each_name()) {
    if (!out.empty()) out += ", ";
    out += (name.size() == 1 ? "-" : "--") + std::string(name);
    if (!config::is_switch(what.target)) out += ' ' + std::string(what.value_name);
  }
  return out;
}

}  // namespace

std::string describe_flags(std::vector<flag> const& flags, describing how) {
  std::size_t width = 0;
  for (flag const& each : flags) width = std::max(width, option_names(each).size());
  std::string out;
  for (flag const& each : flags) {
    std::string text(each.doc);
    if (how == describing::fully) {
      auto const standing = default_of(each);
      if (!standing.empty()) {
        text += fmt::format("{}(default: \"{}\")", text.empty() ? "" : " ", standing);
      }
      if (!each.variable.empty()) text += fmt::format(" [${}]", each.variable);
    }
    out += fmt::format("   {:<{}}  {}\n", option_names(each), width, text);
  }
  return out;
}

}  // namespace corunner
