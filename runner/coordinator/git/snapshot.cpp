#include "runner/coordinator/snapshot.hpp"

#include "runner/coordinator/git/remote_url.hpp"
#include "runner/coordinator/token.hpp"
#include "runner/pipeline/pipeline_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace corunner::coordinator {

namespace {

// Ends the making of a snapshot; caught by take_snapshot.
struct git_failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The steps of one snapshot: `user` is the repository that is read, `ours` the one that is written.
class snapshot_maker {
 public:
  snapshot_maker(git with, snapshot_options how) : git_(with), how_(std::move(how)) {}

  awaitable<snapshot> make();

 private:
  awaitable<git_result> user(std::vector<std::string> arguments);
  awaitable<std::string> need(std::string_view doing, git_call call);
  awaitable<std::string> maybe(std::vector<std::string> arguments);
  git_call ours(std::vector<std::string> arguments) const;

  awaitable<void> look();
  awaitable<void> prepare_ours();
  awaitable<void> name_ref();
  awaitable<void> read_settings();
  awaitable<std::string> write_tree();
  awaitable<void> commit(std::string tree);
  awaitable<void> describe();
  awaitable<std::string> read_refs();
  awaitable<void> describe_project();

  git git_;
  snapshot_options how_;
  snapshot made_;
  std::string head_;       // the commit that is the base; empty: there is none yet
  std::string objects_;    // of the user's repository, as the next two
  std::string shallow_;
  std::string index_;
  std::string format_ = "sha1";
};

awaitable<git_result> snapshot_maker::user(std::vector<std::string> arguments) {
  git_call call;
  call.arguments = std::move(arguments);
  call.directory = how_.directory;
  co_return co_await git_.run(std::move(call));
}

awaitable<std::string> snapshot_maker::need(std::string_view doing, git_call call) {
  auto const ended = co_await git_.run(std::move(call));
  if (!ended.ok()) throw git_failure(message_of(doing, ended));
  co_return ended.line();
}

awaitable<std::string> snapshot_maker::maybe(std::vector<std::string> arguments) {
  auto const ended = co_await user(std::move(arguments));
  co_return ended.ok() ? ended.line() : std::string();
}

git_call snapshot_maker::ours(std::vector<std::string> arguments) const {
  git_call call;
  call.arguments = {"--git-dir=" + how_.git_dir.string()};
  for (auto& argument : arguments) call.arguments.push_back(std::move(argument));
  return call;
}

// Every call costs a process, so what git can tell at once is asked at once.
awaitable<void> snapshot_maker::look() {
  auto const places = co_await user({"rev-parse", "--path-format=absolute", "--show-toplevel", "--git-path",
                                     "objects", "--git-path", "shallow", "--git-path", "index",
                                     "--show-object-format"});
  made_.no_repository = !places.ok();
  if (made_.no_repository) {
    made_.top = how_.directory;
    made_.warnings.push_back(
        fmt::format("'{}' is not a git repository: the directory as it is becomes the commit",
                    how_.directory.string()));
    co_return;
  }
  auto const lines = lines_of(places.out);
  if (lines.size() != 5) throw git_failure("the path of the repository holds a line break");
  made_.top = lines[0];
  objects_ = lines[1];
  shallow_ = lines[2];
  index_ = lines[3];
  format_ = lines[4];
  std::string const wanted = how_.ref.empty() ? "HEAD" : how_.ref;
  head_ = co_await maybe({"rev-parse", "--verify", "--quiet", wanted + "^{commit}"});
  if (!how_.ref.empty() && head_.empty()) {
    throw git_failure(fmt::format("there is no branch, tag or commit '{}'", how_.ref));
  }
  if (head_.empty() && how_.committed_only) throw git_failure("the repository has no commit yet");
}

awaitable<void> snapshot_maker::prepare_ours() {
  std::error_code exists;
  if (!std::filesystem::exists(how_.git_dir / "HEAD", exists)) {
    git_call call;
    call.arguments = {"init", "--quiet", "--bare", "--template=",
                      "--object-format=" + (format_.empty() ? "sha1" : format_), how_.git_dir.string()};
    co_await need("make a repository for the snapshot", std::move(call));
  }
  std::filesystem::create_directories(how_.git_dir / "objects" / "info");
  std::ofstream alternates(how_.git_dir / "objects" / "info" / "alternates", std::ios::trunc);
  if (!objects_.empty()) alternates << objects_ << '\n';
  // Where the user's history was cut off, ours ends too.
  std::error_code ignored;
  std::filesystem::remove(how_.git_dir / "shallow", ignored);
  if (made_.no_repository) co_return;
  std::filesystem::copy_file(shallow_, how_.git_dir / "shallow", ignored);
}

awaitable<void> snapshot_maker::name_ref() {
  if (made_.no_repository) {
    made_.ref = "main";
    co_return;
  }
  if (how_.ref.empty()) {
    made_.ref = co_await maybe({"symbolic-ref", "--quiet", "--short", "HEAD"});
  } else {
    auto const full = co_await maybe({"rev-parse", "--symbolic-full-name", how_.ref});
    made_.tag = full.starts_with("refs/tags/");
    made_.ref = how_.ref;
    for (std::string_view const prefix : {"refs/heads/", "refs/tags/"}) {
      if (full.starts_with(prefix)) made_.ref = full.substr(prefix.size());
    }
    if (full.empty()) made_.ref = head_.substr(0, 8);
  }
  if (!made_.ref.empty()) co_return;
  // A detached HEAD has no name that a runner could fetch; its commit gives one.
  made_.ref = head_.substr(0, 8);
  made_.warnings.push_back(fmt::format("HEAD is detached: the pipeline's branch is '{}'", made_.ref));
}

awaitable<void> snapshot_maker::read_settings() {
  auto const found = co_await user(
      {"config", "-z", "--get-regexp", R"(^(user\.name|user\.email|remote\.origin\.url)$)"});
  // "key LF value NUL" each, the one that counts last.
  std::string_view left = found.out;
  while (!left.empty()) {
    auto const entry = left.substr(0, left.find('\0'));
    left.remove_prefix(std::min(left.size(), entry.size() + 1));
    auto const key = entry.substr(0, entry.find('\n'));
    std::string value(entry.substr(std::min(entry.size(), key.size() + 1)));
    if (key == "user.name") made_.user_name = std::move(value);
    else if (key == "user.email") made_.user_email = std::move(value);
    else made_.remote_url = without_credentials(value);
  }
}

awaitable<std::string> snapshot_maker::write_tree() {
  auto const index = how_.git_dir / ("snapshot-index-" + make_hex(12));
  struct remover {
    std::filesystem::path file;
    ~remover() {
      std::error_code ignored;
      std::filesystem::remove(file, ignored);
    }
  } const guard{index};
  std::vector<std::pair<std::string, std::string>> const environment{
      {"GIT_INDEX_FILE", index.string()},
      {"GIT_OBJECT_DIRECTORY", (how_.git_dir / "objects").string()},
      {"GIT_ALTERNATE_OBJECT_DIRECTORIES", objects_}};
  auto const in_work_tree = [&](std::vector<std::string> arguments) {
    git_call call;
    call.directory = made_.top;
    call.environment = environment;
    call.arguments = std::move(arguments);
    if (made_.no_repository) {
      call.arguments.insert(call.arguments.begin(),
                            {"--git-dir=" + how_.git_dir.string(), "--work-tree=" + made_.top.string(),
                             "-c", "core.bare=false"});
    }
    return call;
  };
  // The user's index makes `add` fast: only files that changed since are read. A copy, never the
  // file itself.
  if (!made_.no_repository) {
    std::error_code absent;
    std::filesystem::copy_file(index_, index, absent);
    // git looks into files that are as young as the index, for their size and time may not tell a
    // change; a copy that looks younger would hide such a change.
    auto const written = std::filesystem::last_write_time(index_, absent);
    if (!absent) std::filesystem::last_write_time(index, written, absent);
  }
  auto const added = co_await git_.run(in_work_tree({"add", "--all", "--ignore-errors", "--", "."}));
  // 1: some files cannot be read, the others are there.
  if (added.exit_code == 1) made_.warnings.push_back(message_of("read all files", added));
  if (!added.ok() && added.exit_code != 1) throw git_failure(message_of("read the working tree", added));
  co_return co_await need("write the tree", in_work_tree({"write-tree"}));
}

awaitable<void> snapshot_maker::commit(std::string tree) {
  if (!head_.empty()) {
    auto const same = co_await maybe({"rev-parse", head_ + "^{tree}"});
    if (same == tree) {
      made_.sha = head_;
      co_return;
    }
  }
  auto call = ours({"commit-tree", tree});
  std::string message = "Snapshot of the working directory\n";
  if (head_.empty()) {
    auto const name = made_.user_name.empty() ? "nobody" : made_.user_name;
    auto const mail = made_.user_email.empty() ? "nobody@localhost" : made_.user_email;
    call.environment = {{"GIT_AUTHOR_NAME", name},    {"GIT_AUTHOR_EMAIL", mail},
                        {"GIT_COMMITTER_NAME", name}, {"GIT_COMMITTER_EMAIL", mail}};
  } else {
    call.arguments.insert(call.arguments.end(), {"-p", head_});
    // Who and when are HEAD's, so that one state of the files is always one commit.
    auto const who = co_await maybe({"show", "-s", "--format=%an%n%ae%n%aI%n%cn%n%ce%n%cI", head_});
    auto lines = lines_of(who);
    lines.resize(6);
    call.environment = {{"GIT_AUTHOR_NAME", lines[0]},    {"GIT_AUTHOR_EMAIL", lines[1]},
                        {"GIT_AUTHOR_DATE", lines[2]},    {"GIT_COMMITTER_NAME", lines[3]},
                        {"GIT_COMMITTER_EMAIL", lines[4]}, {"GIT_COMMITTER_DATE", lines[5]}};
    message = co_await maybe({"show", "-s", "--format=%B", head_});
  }
  call.input = message;
  made_.sha = co_await need("write the snapshot's commit", std::move(call));
  made_.dirty = true;
}

awaitable<void> snapshot_maker::describe() {
  auto const text = co_await need(
      "read the commit", ours({"show", "-s", "--format=%an <%ae>%n%cI%n%B", made_.sha}));
  auto const first = text.find('\n');
  auto const second = text.find('\n', first + 1);
  made_.author = text.substr(0, first);
  made_.timestamp = text.substr(first + 1, second - first - 1);
  made_.message = second == std::string::npos ? "" : text.substr(second + 1);
  made_.before_sha = made_.dirty && !head_.empty() ? head_ : std::string(made_.sha.size(), '0');
}

// Branches and tags; returns the default branch: origin's, else a usual name that is there.
awaitable<std::string> snapshot_maker::read_refs() {
  constexpr std::string_view remote_head = " refs/remotes/origin/HEAD ";
  constexpr std::string_view of_origin = "refs/remotes/origin/";
  auto const found =
      co_await maybe({"for-each-ref", "--format=%(objectname) %(refname) %(symref)", "refs/heads",
                      "refs/tags", "refs/remotes/origin/HEAD"});
  std::string branch;
  for (auto& line : lines_of(found)) {
    if (auto const at = line.find(remote_head); at != std::string::npos) {
      branch = line.substr(at + remote_head.size());
      if (branch.starts_with(of_origin)) branch.erase(0, of_origin.size());
      continue;
    }
    line.erase(line.find(' ', line.find(' ') + 1));
    made_.refs.push_back(std::move(line));
  }
  for (auto const* const usual : {"main", "master"}) {
    auto const is_usual = [&](std::string const& ref) { return ref.ends_with(fmt::format(" refs/heads/{}", usual)); };
    if (branch.empty() && std::ranges::any_of(made_.refs, is_usual)) branch = usual;
  }
  co_return branch;
}

awaitable<void> snapshot_maker::describe_project() {
  made_.default_branch = made_.ref;
  if (!made_.no_repository) {
    auto const branch = co_await read_refs();
    if (!branch.empty()) made_.default_branch = branch;
  }
  made_.project_path = project_path_of(made_.remote_url);
  if (made_.project_path.empty()) {
    made_.project_path = "local/" + path_component(made_.top.filename().string());
  }
  if (head_.empty() || made_.tag || made_.ref == made_.default_branch) co_return;
  made_.default_branch_base_sha = co_await maybe({"merge-base", head_, made_.default_branch});
}

awaitable<snapshot> snapshot_maker::make() {
  co_await look();
  co_await prepare_ours();
  co_await name_ref();
  made_.git_dir = how_.git_dir;
  co_await read_settings();
  bool const as_committed = !head_.empty() && (how_.committed_only || !how_.ref.empty());
  if (as_committed) {
    made_.sha = head_;
  } else {
    auto tree = co_await write_tree();
    co_await commit(std::move(tree));
  }
  co_await describe();
  co_await describe_project();
  co_return std::move(made_);
}

}  // namespace

awaitable<snapshot_outcome> take_snapshot(git with, snapshot_options options) {
  snapshot_outcome outcome;
  try {
    options.directory = std::filesystem::absolute(options.directory);
    options.git_dir = std::filesystem::absolute(options.git_dir);
    snapshot_maker maker(with, std::move(options));
    outcome.taken = co_await maker.make();
  } catch (git_failure const& failed) {
    outcome.failure = failed.what();
  } catch (std::filesystem::filesystem_error const& failed) {
    outcome.failure = fmt::format("cannot store the snapshot: {}", failed.what());
  }
  co_return outcome;
}

pipeline::pipeline_source source_of(snapshot const& from) {
  pipeline::pipeline_source source;
  source.commit.sha = from.sha;
  source.commit.before_sha = from.before_sha;
  source.commit.ref = from.ref;
  source.commit.is_tag = from.tag;
  source.commit.ref_protected = !from.tag && from.ref == from.default_branch;
  source.commit.message = from.message;
  source.commit.author = from.author;
  source.commit.timestamp = from.timestamp;
  source.commit.default_branch_base_sha = from.default_branch_base_sha;
  source.project.path = from.project_path;
  source.project.default_branch = from.default_branch;
  source.user.name = from.user_name;
  source.user.email = from.user_email;
  source.user.login = from.user_email.substr(0, from.user_email.find('@'));
  return source;
}

}  // namespace corunner::coordinator
