#include "runner/command/completion.hpp"

#include "runner/command/global_options.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace corunner {

namespace {

constexpr std::array<std::string_view, 2> booleans{"true", "false"};
constexpr std::array<std::string_view, 3> shells{"bash", "zsh", "fish"};

class walker {
 public:
  explicit walker(services& all) : all_(all), flags_(globals_.flags()) {}

  void pass(std::string const& word);
  completion finish(std::string_view word) const;

 private:
  void pass_flag(std::string const& word);
  void enter(command_entry const& which);
  flag const* find(std::string_view word) const;
  completion values_of(flag const& which, std::string_view begun, std::string_view before) const;
  completion flags_like(std::string_view word) const;
  completion commands_like(std::span<command_entry const> among, std::string_view word) const;
  completion arguments_like(std::string_view word) const;

  services& all_;
  global_options globals_;
  std::unique_ptr<command> command_;         // whose flags are in flags_; null: the global ones
  command_entry const* entry_ = nullptr;     // the command or group that was named
  std::vector<flag> flags_;
  flag const* waiting_ = nullptr;            // its value is the next word
  std::set<flag const*> given_;
  bool only_arguments_ = false;              // behind "--", or of a command that runs another
  bool asks_for_help_ = false;               // "help" was named: a command follows
};

bool is_boolean(flag const& which) {
  return std::holds_alternative<std::optional<bool>*>(which.target);
}

// By how flags of files are named: "tls-ca-file", "config", "builds-dir".
completed_by path_kind(flag const& which) {
  for (auto const name : which.each_name()) {
    if (name.ends_with("file") || name == "config" || name == "cpuprofile" || name == "path") {
      return completed_by::files;
    }
    if (name.ends_with("dir") || name.ends_with("directory") || name == "repo" ||
        name == "artifacts-to") {
      return completed_by::directories;
    }
  }
  return completed_by::words;
}

flag const* walker::find(std::string_view word) const {
  word.remove_prefix(word.starts_with("--") ? 2 : 1);
  word = word.substr(0, word.find('='));
  for (flag const& each : flags_) {
    auto const names = each.each_name();
    if (std::ranges::find(names, word) != names.end()) return &each;
  }
  return nullptr;
}

void walker::enter(command_entry const& which) {
  entry_ = &which;
  if (!which.below.empty()) {
    flags_ = which.flags ? which.flags(all_) : std::vector<flag>();
    return;
  }
  command_ = which.make(all_);
  flags_ = command_->flags();
  given_.clear();
}

void walker::pass_flag(std::string const& word) {
  auto const* const which = find(word);
  if (!which) return;
  given_.insert(which);
  if (!config::is_switch(which->target) && word.find('=') == std::string::npos) waiting_ = which;
}

command_entry const* named(std::span<command_entry const> among, std::string_view name) {
  auto const found = std::ranges::find(among, name, &command_entry::name);
  return found == among.end() ? nullptr : &*found;
}

void walker::pass(std::string const& word) {
  if (std::exchange(waiting_, nullptr) || only_arguments_) return;
  if (word == "--") {
    only_arguments_ = true;
  } else if (word.size() > 1 && word.front() == '-') {
    pass_flag(word);
  } else if (command_) {
    only_arguments_ = entry_->words == mixing::before_argument;
  } else if (!entry_ && (word == "help" || word == "h")) {
    asks_for_help_ = true;
  } else if (auto const* const which = named(entry_ ? entry_->below : all_commands(), word)) {
    enter(*which);
  } else {
    only_arguments_ = true;  // no such command: nothing is known of what follows
  }
}

completion walker::values_of(flag const& which, std::string_view begun,
                             std::string_view before) const {
  completion found;
  found.more = path_kind(which);
  auto const choices = which.choices.empty() && is_boolean(which)
                           ? std::span<std::string_view const>(booleans)
                           : which.choices;
  for (auto const each : choices) {
    if (each.starts_with(begun)) {
      found.words.push_back({std::string(before) + std::string(each), ""});
    }
  }
  return found;
}

completion walker::flags_like(std::string_view word) const {
  completion found;
  auto const offer = [&](std::string_view name, std::string_view about) {
    auto const full = (name.size() == 1 ? "-" : "--") + std::string(name);
    if (full.starts_with(word)) found.words.push_back({full, about});
  };
  for (flag const& each : flags_) {
    if (given_.contains(&each) && !config::is_repeatable(each.target)) continue;
    for (auto const name : each.each_name()) offer(name, each.doc);
  }
  if (entry_) {
    offer("help", "show help");
    offer("help-all", "show help with everything that exists");
  }
  return found;
}

completion walker::commands_like(std::span<command_entry const> among,
                                 std::string_view word) const {
  completion found;
  for (command_entry const& each : among) {
    if (each.shown == visibility::shown && each.name.starts_with(word)) {
      found.words.push_back({std::string(each.name), each.summary});
    }
  }
  if (!asks_for_help_ && std::string_view("help").starts_with(word)) {
    found.words.push_back({"help", "list the commands or explain one"});
  }
  return found;
}

completion walker::arguments_like(std::string_view word) const {
  if (entry_->name == "man") return commands_like(all_commands(), word);
  if (entry_->in_helper) return {{}, completed_by::files};
  completion found;
  if (entry_->name != "completion") return found;
  for (auto const each : shells) {
    if (each.starts_with(word)) found.words.push_back({std::string(each), ""});
  }
  return found;
}

completion walker::finish(std::string_view word) const {
  if (waiting_) return values_of(*waiting_, word, "");
  if (only_arguments_) return {{}, completed_by::files};
  if (word.starts_with('-')) {
    auto const equals = word.find('=');
    auto const* const which = equals == word.npos ? nullptr : find(word);
    if (which) return values_of(*which, word.substr(equals + 1), word.substr(0, equals + 1));
    return flags_like(word);
  }
  if (command_) return arguments_like(word);
  return commands_like(entry_ ? entry_->below : all_commands(), word);
}

}  // namespace

completion complete(services& all, std::vector<std::string> const& typed) {
  walker at(all);
  for (std::size_t index = 0; index + 1 < typed.size(); ++index) at.pass(typed[index]);
  return at.finish(typed.empty() ? std::string_view() : typed.back());
}

}  // namespace corunner
