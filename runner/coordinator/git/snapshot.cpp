#include "runner/coordinator/snapshot.hpp"

#include "runner/coordinator/git/bare_repository.hpp"
#include "runner/coordinator/git/remote_url.hpp"
#include "runner/coordinator/git/repository_facts.hpp"
#include "runner/coordinator/times.hpp"
#include "runner/coordinator/token.hpp"
#include "runner/pipeline/pipeline_source.hpp"

#include <fmt/format.h>

namespace corunner::coordinator {

namespace {

// The steps of one snapshot; only `how_.git_dir` is written.
class snapshot_maker {
 public:
  snapshot_maker(git with, snapshot_options how) : git_(with), how_(std::move(how)) {}

  awaitable<snapshot> make();

 private:
  awaitable<std::string> need(std::string_view doing, git_call call);
  bool has_commit() const { return facts_.base.has_value(); }

  void check();
  void prepare_ours();
  void name_ref();
  awaitable<std::string> write_tree();
  awaitable<void> commit(std::string tree);
  commit_facts first_commit() const;
  void describe(commit_facts const& commit);
  awaitable<void> describe_project();

  git git_;
  snapshot_options how_;
  repository_facts facts_;
  snapshot made_;
};

awaitable<std::string> snapshot_maker::need(std::string_view doing, git_call call) {
  auto const ended = co_await git_.run(std::move(call));
  if (!ended.ok()) throw git_failure(message_of(doing, ended));
  co_return ended.line();
}

void snapshot_maker::check() {
  made_.no_repository = facts_.no_repository;
  if (made_.no_repository) {
    facts_.top = how_.directory;
    made_.warnings.push_back(
        fmt::format("'{}' is not a git repository: the directory as it is becomes the commit",
                    how_.directory.string()));
    return;
  }
  if (!has_commit() && facts_.ref.empty()) throw git_failure("HEAD names no commit");
  if (!has_commit() && how_.committed_only) throw git_failure("the repository has no commit yet");
}

void snapshot_maker::prepare_ours() {
  make_bare_repository(how_.git_dir, facts_.format, facts_.objects);
  // Where the user's history was cut off, ours ends too.
  std::error_code ignored;
  std::filesystem::remove(how_.git_dir / "shallow", ignored);
  if (made_.no_repository) return;
  std::filesystem::copy_file(facts_.shallow, how_.git_dir / "shallow", ignored);
}

void snapshot_maker::name_ref() {
  if (made_.no_repository) {
    made_.ref = "main";
    return;
  }
  made_.tag = facts_.ref.starts_with("refs/tags/");
  made_.ref = how_.ref;
  for (std::string_view const prefix : {"refs/heads/", "refs/tags/"}) {
    if (facts_.ref.starts_with(prefix)) made_.ref = facts_.ref.substr(prefix.size());
  }
  if (!facts_.ref.empty()) return;
  // A detached HEAD has no name that a runner could fetch; its commit gives one.
  made_.ref = facts_.base->sha.substr(0, 8);
  if (!how_.ref.empty()) return;
  made_.warnings.push_back(
      fmt::format("HEAD is detached: the pipeline's branch is '{}'", made_.ref));
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
      {"GIT_ALTERNATE_OBJECT_DIRECTORIES", facts_.objects}};
  auto const in_work_tree = [&](std::vector<std::string> arguments) {
    git_call call;
    call.directory = facts_.top;
    call.environment = environment;
    call.arguments = std::move(arguments);
    // What Git LFS takes out of new files is ours as well.
    call.arguments.insert(call.arguments.begin(),
                          {"-c", "lfs.storage=" + (how_.git_dir / "lfs").string()});
    if (made_.no_repository) {
      call.arguments.insert(call.arguments.begin(),
                            {"--git-dir=" + how_.git_dir.string(),
                             "--work-tree=" + facts_.top.string(), "-c", "core.bare=false"});
    }
    return call;
  };
  // The user's index makes `add` fast: only files that changed since are read. A copy, never the
  // file itself.
  if (!made_.no_repository) {
    std::error_code absent;
    std::filesystem::copy_file(facts_.index, index, absent);
    // git looks into files that are as young as the index, for their size and time may not tell a
    // change; a copy that looks younger would hide such a change.
    auto const written = std::filesystem::last_write_time(facts_.index, absent);
    if (!absent) std::filesystem::last_write_time(index, written, absent);
  }
  auto const added =
      co_await git_.run(in_work_tree({"add", "--all", "--ignore-errors", "--", "."}));
  // 1: some files cannot be read, the others are there.
  if (added.exit_code == 1) made_.warnings.push_back(message_of("read all files", added));
  if (!added.ok() && added.exit_code != 1) {
    throw git_failure(message_of("read the working tree", added));
  }
  co_return co_await need("write the tree", in_work_tree({"write-tree"}));
}

// Of a directory that has no history.
commit_facts snapshot_maker::first_commit() const {
  commit_facts first;
  first.author_name = made_.user_name.empty() ? "nobody" : made_.user_name;
  first.author_mail = made_.user_email.empty() ? "nobody@localhost" : made_.user_email;
  first.author_date = iso_time(wall_milliseconds(git_.time()));
  first.committer_name = first.author_name;
  first.committer_mail = first.author_mail;
  first.committer_date = first.author_date;
  first.message = "Snapshot of the working directory";
  return first;
}

awaitable<void> snapshot_maker::commit(std::string tree) {
  if (has_commit() && facts_.base->tree == tree) {
    made_.sha = facts_.base->sha;
    co_return;
  }
  // Who and when are HEAD's, so that one state of the files is always one commit.
  auto const like = has_commit() ? *facts_.base : first_commit();
  git_call call;
  call.arguments = {"--git-dir=" + how_.git_dir.string(), "commit-tree", tree};
  if (has_commit()) call.arguments.insert(call.arguments.end(), {"-p", like.sha});
  call.environment = {
      {"GIT_AUTHOR_NAME", like.author_name},        {"GIT_AUTHOR_EMAIL", like.author_mail},
      {"GIT_AUTHOR_DATE", like.author_date},        {"GIT_COMMITTER_NAME", like.committer_name},
      {"GIT_COMMITTER_EMAIL", like.committer_mail}, {"GIT_COMMITTER_DATE", like.committer_date}};
  call.input = like.message;
  made_.sha = co_await need("write the snapshot's commit", std::move(call));
  made_.dirty = true;
  describe(like);
}

void snapshot_maker::describe(commit_facts const& commit) {
  made_.author = fmt::format("{} <{}>", commit.author_name, commit.author_mail);
  made_.timestamp = commit.committer_date;
  made_.message = commit.message;
}

awaitable<void> snapshot_maker::describe_project() {
  made_.default_branch = facts_.default_branch.empty() ? made_.ref : facts_.default_branch;
  made_.project_path = project_path_of(made_.remote_url);
  if (made_.project_path.empty()) {
    made_.project_path = "local/" + path_component(made_.top.filename().string());
  }
  if (!has_commit() || made_.tag || made_.ref == made_.default_branch) co_return;
  git_call call;
  call.directory = how_.directory;
  call.arguments = {"merge-base", facts_.base->sha, made_.default_branch};
  auto const ended = co_await git_.run(std::move(call));
  if (ended.ok()) made_.default_branch_base_sha = ended.line();
}

awaitable<snapshot> snapshot_maker::make() {
  bool const as_committed = how_.committed_only || !how_.ref.empty();
  repository_question question{how_.directory, how_.ref, how_.file, !as_committed};
  facts_ = co_await look_at_repository(git_, std::move(question));
  check();
  prepare_ours();
  name_ref();
  made_.top = facts_.top;
  made_.git_dir = how_.git_dir;
  made_.user_name = facts_.user_name;
  made_.user_email = facts_.user_email;
  made_.remote_url = without_credentials(facts_.remote_url);
  made_.refs = facts_.refs;
  if (has_commit()) describe(*facts_.base);
  if (has_commit() && (as_committed || facts_.clean)) {
    made_.sha = facts_.base->sha;
  } else {
    auto tree = co_await write_tree();
    co_await commit(std::move(tree));
  }
  if (facts_.file && !made_.dirty) made_.files[how_.file] = std::move(*facts_.file);
  made_.before_sha =
      made_.dirty && has_commit() ? facts_.base->sha : std::string(made_.sha.size(), '0');
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
