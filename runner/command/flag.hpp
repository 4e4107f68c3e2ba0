#pragma once

#include "config/field.hpp"
#include "config/file.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// One flag of a command, bound to the value it sets. The value that stands there when parsing
// begins is the default; the variable, when it is set, replaces it (or adds to a list), the flag
// comes last.
struct flag {
  std::string names;                   // as help shows them: "c, config"
  config::field target;
  std::string_view doc;
  std::string variable;                // environment; "": none
  std::string_view value_name = "value";
  // Takes the text, where the value is not one that a text can be put into; of `target` only the
  // type counts then: a bool makes a switch, of which "true" is taken when it stands alone.
  std::function<std::optional<config::failure>(std::string_view text)> take = nullptr;
  std::span<std::string_view const> choices = {};  // the values that mean something; empty: any

  std::vector<std::string_view> each_name() const;  // without dashes
};

// The outcome of parsing: `failure` is empty when all is well.
struct parsed_flags {
  bool help = false;                   // -h, --help or --help-all was there
  bool all_of_help = false;            // it was --help-all
  std::string failure;                 // "flag provided but not defined: -x" and the like
  std::string hint;                    // what was perhaps meant instead: "did you mean '--url'?"
  std::vector<std::string> arguments;  // what is not a flag
};

enum class mixing {
  anywhere,         // flags may follow arguments: a command's own
  before_argument,  // parsing ends at the first argument: global flags stand before the command
};

// Sets the targets of `flags` from `variables`, then from `words`, by the rules of cli.md 2 and 3:
// one or two dashes, "=value" or the next word, switches without a word of their own, "--" ends
// flags.
parsed_flags parse_flags(std::vector<flag> const& flags, std::vector<std::string> const& words,
                         config::environment const& variables, mixing how);

// What help shows as the default, "" for nothing.
std::string default_of(flag const& what);

// Whether option lines tell default and variable, too.
enum class describing { fully, briefly };

// The option lines of a help text, aligned, each with a newline.
std::string describe_flags(std::vector<flag> const& flags, describing how = describing::fully);

}  // namespace corunner
