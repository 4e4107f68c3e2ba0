// `completion`: the piece of a shell's own language that makes it complete our words. It asks the
// program itself (`__complete -- WORDS`) each time, so it knows every flag and never grows old.

#include "runner/command/commands.hpp"
#include "runner/command/completion.hpp"
#include "runner/command/terminal.hpp"

#include <fmt/format.h>

#include <array>

namespace corunner {

namespace {

// The first line of an answer tells what else may stand there; each further one is a word, a tab
// and what it means. In the scripts @PROGRAM@ stands for our name.
constexpr std::string_view kind_names[] = {":words", ":files", ":directories"};

// bash takes words apart at "=" and ":": they are put together again, and what stands before the
// last "=" is not typed again.
constexpr std::string_view bash_script = R"~(# bash completion of @PROGRAM@
_corunner() {
  local word words=() found kind
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [ ${#words[@]} -gt 0 ] && { [ "$word" = "=" ] || [[ ${words[-1]} == -*= ]]; }; then
      words[-1]+=$word
    else
      words+=("$word")
    fi
  done
  [ ${#words[@]} -gt 0 ] || words=("")
  local current=${words[-1]}
  [[ $current != -*=* ]] || current=${current#*=}
  mapfile -t found < <("${COMP_WORDS[0]}" __complete -- "${words[@]}" 2>/dev/null)
  kind=${found[0]-}
  COMPREPLY=("${found[@]:1}")
  COMPREPLY=("${COMPREPLY[@]%%$'\t'*}")
  [[ ${words[-1]} != -*=* ]] || COMPREPLY=("${COMPREPLY[@]#-*=}")
  case $kind in
    :files) compopt -o filenames 2>/dev/null; mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$current") ;;
    :directories) compopt -o filenames 2>/dev/null; mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -d -- "$current") ;;
  esac
}
complete -F _corunner @PROGRAM@
)~";

constexpr std::string_view zsh_script = R"~(#compdef @PROGRAM@
_corunner() {
  local -a lines described
  local line
  lines=("${(@f)$("${(Q)words[1]}" __complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  for line in "${(@)lines[2,-1]}"; do
    [[ -z $line ]] || described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done
  case $lines[1] in
    :files) [[ $PREFIX == -*=* ]] && compset -P '*='; _files ;;
    :directories) [[ $PREFIX == -*=* ]] && compset -P '*='; _files -/ ;;
  esac
  (( ${#described} )) && _describe -t words '@PROGRAM@' described
}
if [ "${funcstack[1]}" = _corunner ]; then
  _corunner "$@"
else
  compdef _corunner @PROGRAM@
fi
)~";

constexpr std::string_view fish_script = R"~(# fish completion of @PROGRAM@
function __corunner_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l found (command $words[1] __complete -- $words[2..-1] 2>/dev/null)
    set -l before (string match -r -- '^-[^=]*=' $words[-1])
    set -l begun (string replace -r -- '^-[^=]*=' '' $words[-1])
    switch "$found[1]"
        case :files
            for file in (__fish_complete_path $begun)
                echo "$before$file"
            end
        case :directories
            for file in (__fish_complete_directories $begun)
                echo "$before$file"
            end
    end
    test (count $found) -gt 1; and printf '%s\n' $found[2..-1]
end
complete -c @PROGRAM@ -f -a '(__corunner_complete)'
)~";

struct shell_script {
  std::string_view shell;
  std::string_view text;
};
constexpr std::array scripts{shell_script{"bash", bash_script}, shell_script{"zsh", zsh_script},
                             shell_script{"fish", fish_script}};

std::string filled(std::string_view text, std::string_view program) {
  constexpr std::string_view place = "@PROGRAM@";
  std::string out;
  for (auto at = text.find(place); at != text.npos; at = text.find(place)) {
    out += text.substr(0, at);
    out += program;
    text.remove_prefix(at + place.size());
  }
  return out + std::string(text);
}

class completion_command final : public command {
 public:
  explicit completion_command(services& all) : all_(all) {}

  std::vector<flag> flags() override { return {}; }

  awaitable<int> run(std::vector<std::string> words) override {
    auto const shell = words.empty() ? std::string_view() : std::string_view(words.front());
    for (shell_script const& each : scripts) {
      if (each.shell != shell) continue;
      terminal().write(filled(each.text, all_.program));
      co_return 0;
    }
    all_.log.fatal(shell.empty()
                       ? std::string("Which shell? bash, zsh or fish")
                       : fmt::format("unknown shell '{}', expected bash, zsh or fish", shell));
    co_return 1;
  }

 private:
  services& all_;
};

class complete_command final : public command {
 public:
  explicit complete_command(services& all) : all_(all) {}

  std::vector<flag> flags() override { return {}; }

  awaitable<int> run(std::vector<std::string> words) override {
    auto const found = complete(all_, words);
    std::string out(kind_names[static_cast<int>(found.more)]);
    out += '\n';
    for (candidate const& each : found.words) out += fmt::format("{}\t{}\n", each.word, each.about);
    terminal().write(out);
    co_return 0;
  }

 private:
  services& all_;
};

}  // namespace

std::unique_ptr<command> make_completion(services& all) {
  return std::make_unique<completion_command>(all);
}

std::unique_ptr<command> make_complete(services& all) {
  return std::make_unique<complete_command>(all);
}

}  // namespace corunner
