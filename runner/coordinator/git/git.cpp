#include "runner/coordinator/git/git.hpp"

#include "exec/process/run_process.hpp"
#include "net/task_group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>

namespace corunner::coordinator {

namespace {

constexpr std::size_t most_output = 64u << 20;

class collector final : public exec::output_sink {
 public:
  awaitable<void> write(exec::channel from, std::string_view bytes) override {
    auto& into = from == exec::channel::out ? out : err;
    if (into.size() + bytes.size() > most_output) throw std::length_error("git printed too much");
    into.append(bytes);
    co_return;
  }
  std::string out;
  std::string err;
};

// A shell inside a git hook or worktree command carries variables that would redirect us. `env`
// takes them away: a program more for each git, so only where there are some.
std::vector<std::string> without_redirections(
    std::vector<std::pair<std::string, std::string>> const& ours) {
  constexpr std::array names{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
                             "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_NAMESPACE",
                             "GIT_PREFIX"};
  std::vector<std::string> start;
  for (std::string const name : names) {
    auto const is_ours = [&](auto const& variable) { return variable.first == name; };
    if (std::getenv(name.c_str()) == nullptr || std::ranges::any_of(ours, is_ours)) continue;
    if (start.empty()) start.push_back("env");
    start.insert(start.end(), {"-u", name});
  }
  return start;
}

awaitable<void> run_into(git_result& result, git with, git_call what) {
  result = co_await with.run(std::move(what));
}

}  // namespace

std::string git_result::line() const {
  auto text = out;
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

std::string message_of(std::string_view doing, git_result const& ended) {
  auto err = ended.err;
  while (err.ends_with('\n')) err.pop_back();
  return fmt::format("cannot {}: {}", doing,
                     err.empty() ? fmt::format("git exited with {}", ended.exit_code) : err);
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    auto const line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    lines.emplace_back(line);
  }
  return lines;
}

exec::process_options git_process(git_call what) {
  exec::process_options how;
  how.environment = {{"GIT_TERMINAL_PROMPT", "0"},
                     {"GIT_PAGER", "cat"},
                     {"GIT_OPTIONAL_LOCKS", "0"},
                     {"LC_ALL", "C"}};
  for (auto& variable : what.environment) how.environment.push_back(std::move(variable));
  how.arguments = without_redirections(how.environment);
  how.arguments.insert(how.arguments.end(), {"git", "-c", "core.hooksPath=/dev/null", "-c",
                                             "core.fsmonitor=false", "-c", "gc.auto=0"});
  for (auto& argument : what.arguments) how.arguments.push_back(std::move(argument));
  how.directory = std::move(what.directory);
  how.input = std::move(what.input);
  return how;
}

awaitable<git_result> git::run(git_call what) const {
  auto const how = git_process(std::move(what));
  collector output;
  git_result result;
  exec::run_options patience;
  patience.ladder.terminate = std::chrono::seconds(5);
  auto const ended = co_await exec::run_process(*launcher_, *time_, how, output, patience);
  result.out = std::move(output.out);
  result.err = std::move(output.err);
  if (ended.how == exec::run_result::kind::ended && ended.status.signal == 0) {
    result.exit_code = ended.status.exit_code;
  } else {
    result.err += ended.message.empty() ? exec::describe(ended.status) : ended.message;
  }
  co_return result;
}

awaitable<std::vector<git_result>> git::run_together(std::vector<git_call> calls) const {
  std::vector<git_result> results(calls.size());
  net::task_group children(co_await asio::this_coro::executor);
  for (std::size_t i = 0; i != calls.size(); ++i) {
    children.spawn(run_into(results[i], *this, std::move(calls[i])));
  }
  co_await children.join();
  co_return results;
}

awaitable<git_result> git::run_in(std::filesystem::path git_dir,
                                  std::vector<std::string> arguments) const {
  git_call call;
  call.arguments.push_back("--git-dir=" + git_dir.string());
  for (auto& argument : arguments) call.arguments.push_back(std::move(argument));
  co_return co_await run(std::move(call));
}

}  // namespace corunner::coordinator
