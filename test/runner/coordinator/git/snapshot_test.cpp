#include "runner/coordinator/git/bare_repository.hpp"
#include "runner/coordinator/git/remote_url.hpp"
#include "runner/coordinator/snapshot.hpp"
#include "runner/pipeline/pipeline.hpp"
#include "test/runner/coordinator/git/git_world.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <cstdlib>

using namespace corunner;
using coordinator::snapshot;
using test::git_world;

namespace {

coordinator::snapshot_outcome try_snapshot(git_world& world, std::string const& name,
                                           coordinator::snapshot_options how = {}) {
  how.directory = world.path(name);
  how.git_dir = world.path("state/1.git");
  return world.loop.run(coordinator::take_snapshot(world.git, std::move(how)));
}

snapshot take(git_world& world, std::string const& name, coordinator::snapshot_options how = {}) {
  auto outcome = try_snapshot(world, name, std::move(how));
  INFO(outcome.failure);
  REQUIRE(outcome.taken);
  return *outcome.taken;
}

std::string files_of(git_world& world, snapshot const& what) {
  return world.run("state/1.git", {"ls-tree", "-r", "--name-only", what.sha});
}

class counting_launcher final : public exec::process_launcher {
 public:
  explicit counting_launcher(exec::process_launcher& real) : real_(real) {}
  result<std::unique_ptr<exec::process>> launch(exec::process_options const& how) override {
    ++started;
    return real_.launch(how);
  }
  awaitable<std::size_t> end_strays(std::string mark) override {
    return real_.end_strays(std::move(mark));
  }

  int started = 0;

 private:
  exec::process_launcher& real_;
};

}  // namespace

TEST_CASE("a clean repository's snapshot is its HEAD", "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  auto const made = take(world, "repo");
  CHECK(made.sha == world.run("repo", {"rev-parse", "HEAD"}));
  CHECK_FALSE(made.dirty);
  CHECK(made.ref == "main");
  CHECK(made.default_branch == "main");
  CHECK(made.message == "first commit\n\nwith a body");
  CHECK(made.author == "Ann <ann@example.com>");
  CHECK(made.before_sha == std::string(40, '0'));
  CHECK(made.project_path == "local/repo");
  CHECK(made.user_email == "ann@example.com");
}

TEST_CASE("the default branch is origin's, else main, else master, else the present one",
          "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  world.run("repo", {"tag", "v1"});
  world.run("repo", {"checkout", "-q", "-b", "topic"});
  SECTION("origin's HEAD") {
    world.run("repo", {"update-ref", "refs/remotes/origin/trunk", "HEAD"});
    world.run("repo", {"symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk"});
    CHECK(take(world, "repo").default_branch == "trunk");
  }
  SECTION("main") { CHECK(take(world, "repo").default_branch == "main"); }
  SECTION("master") {
    world.run("repo", {"branch", "-m", "main", "master"});
    CHECK(take(world, "repo").default_branch == "master");
  }
  SECTION("the present one") {
    world.run("repo", {"branch", "-D", "main"});
    CHECK(take(world, "repo").default_branch == "topic");
  }
  // Of the repository itself, not of its remotes, and with nothing behind the name.
  for (auto const& ref : take(world, "repo").refs) {
    CAPTURE(ref);
    auto const name = ref.substr(ref.find(' ') + 1);
    bool const known = name == "refs/heads/main" || name == "refs/heads/master" ||
                       name == "refs/heads/topic" || name == "refs/tags/v1";
    CHECK(known);
  }
}

TEST_CASE("settings of the repository count before those of the user", "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  world.run("repo", {"config", "remote.origin.url",
                     "https://me:secret@gitlab.example.com/space/rocket.git"});
  world.run("repo", {"config", "user.email", "other@example.com"});
  auto const made = take(world, "repo");
  CHECK(made.user_email == "other@example.com");
  CHECK(made.project_path == "space/rocket");
  CHECK(made.remote_url.find("secret") == std::string::npos);
}

TEST_CASE("git's own variables in our environment lead nowhere", "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  world.make_repository("other");
  world.write("other/b.txt", "b\n");
  world.run("other", {"add", "-A"});
  world.run("other",
            {"-c", "user.name=B", "-c", "user.email=b@example.com", "commit", "-qm", "second"});
  struct redirected {
    explicit redirected(std::string const& to) { ::setenv("GIT_DIR", to.c_str(), 1); }
    ~redirected() { ::unsetenv("GIT_DIR"); }
  };
  auto const expected = world.run("repo", {"rev-parse", "HEAD"});
  redirected const hook((world.path("other") / ".git").string());
  auto const made = take(world, "repo");
  CHECK(made.sha == expected);
  CHECK(files_of(world, made) == "a.txt");
}

TEST_CASE("a clean tree costs a handful of programs, none of which writes",
          "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  auto const before = world.fingerprint("repo");
  counting_launcher counted(world.launcher);
  coordinator::snapshot_options how;
  how.directory = world.path("repo");
  how.git_dir = world.path("state/1.git");
  auto const outcome = world.loop.run(
      coordinator::take_snapshot(coordinator::git(counted, world.loop.time), std::move(how)));
  REQUIRE(outcome.taken);
  CHECK(counted.started == 5);
  CHECK(world.fingerprint("repo") == before);
  // Nothing had to be written into ours: all objects are the user's.
  CHECK(world.run("state/1.git", {"count-objects"}) == "0 objects, 0 kilobytes");
}

TEST_CASE("the configuration of a clean tree comes along with its commit",
          "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  world.write("repo/.gitlab-ci.yml", "build:\n  script: make\n");
  world.run("repo", {"add", "."});
  world.run("repo", {"commit", "--quiet", "-m", "with jobs"});
  coordinator::snapshot_options how;
  how.file = ".gitlab-ci.yml";
  auto const made = take(world, "repo", how);
  CHECK(made.message == "with jobs");
  counting_launcher counted(world.launcher);
  coordinator::git const with(counted, world.loop.time);
  auto const planned = world.loop.run(
      coordinator::evaluate_snapshot(with, made, coordinator::source_of(made)));
  CHECK(planned.outcome == pipeline::verdict::planned);
  CHECK(counted.started == 0);

  // What was changed since is read from the snapshot.
  world.write("repo/.gitlab-ci.yml", "changed:\n  script: make\n");
  auto const dirty = take(world, "repo", how);
  auto const changed = world.loop.run(
      coordinator::evaluate_snapshot(with, dirty, coordinator::source_of(dirty)));
  REQUIRE(changed.plan.jobs.size() == 1);
  CHECK(changed.plan.jobs[0].name == "changed");
}

TEST_CASE("a file that is asked for and is none does no harm", "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  world.write("repo/dir/b.txt", "b\n");
  world.run("repo", {"add", "."});
  world.run("repo", {"commit", "--quiet", "-m", "second"});
  coordinator::snapshot_options how;
  how.file = GENERATE("absent", "dir", "dir/", "./a.txt", "../a.txt", "a\nb", "");
  CAPTURE(how.file);
  auto const made = take(world, "repo", how);
  CHECK(made.sha == world.run("repo", {"rev-parse", "HEAD"}));
  CHECK(made.message == "second");
  CHECK(made.files.empty());
}

TEST_CASE("untracked files count, whatever the user's status shows", "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  world.run("repo", {"config", "status.showUntrackedFiles", "no"});
  world.write("repo/b.txt", "b\n");
  auto const made = take(world, "repo");
  CHECK(made.dirty);
  CHECK(files_of(world, made) == "a.txt\nb.txt");
}

TEST_CASE("a staged change that the files do not show any more is no change",
          "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  world.write("repo/a.txt", "two\n");
  world.run("repo", {"add", "a.txt"});
  world.write("repo/a.txt", "one\n");
  auto const made = take(world, "repo");
  CHECK_FALSE(made.dirty);
  CHECK(made.sha == world.run("repo", {"rev-parse", "HEAD"}));
}

TEST_CASE("a ref that cannot be one is refused by name", "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  std::string const ref = GENERATE("nowhere", "--all", "main..main", "^main");
  CAPTURE(ref);
  auto const outcome = try_snapshot(world, "repo", {.ref = ref});
  CHECK_FALSE(outcome.taken);
  CHECK(outcome.failure == "there is no branch, tag or commit '" + ref + "'");
}

TEST_CASE("changed and new files are in the snapshot, ignored ones are not",
          "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  world.write("repo/.gitignore", "*.o\n");
  world.write("repo/a.txt", "two\n");
  world.write("repo/new/b.txt", "b\n");
  world.write("repo/junk.o", "x");
  auto const before = world.fingerprint("repo");
  auto const made = take(world, "repo");
  CHECK(made.dirty);
  CHECK(made.before_sha == world.run("repo", {"rev-parse", "HEAD"}));
  CHECK(files_of(world, made) == ".gitignore\na.txt\nnew/b.txt");
  CHECK(world.run("state/1.git", {"show", made.sha + ":a.txt"}) == "two");
  CHECK(made.message == "first commit\n\nwith a body");
  // Index, objects, refs and files are as they were.
  CHECK(world.fingerprint("repo") == before);
  // The same files are the same commit.
  CHECK(take(world, "repo").sha == made.sha);
}

TEST_CASE("a change that size and time do not tell is seen", "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  world.run("repo", {"config", "core.trustctime", "false"});
  auto const then = std::filesystem::file_time_type::clock::now() - std::chrono::seconds(100);
  std::filesystem::last_write_time(world.path("repo/a.txt"), then);
  world.run("repo", {"update-index", "--refresh"});
  // Written in the very second in which the index was.
  world.write("repo/a.txt", "two\n");
  std::filesystem::last_write_time(world.path("repo/a.txt"), then);
  std::filesystem::last_write_time(world.path("repo/.git/index"), then);
  auto const made = take(world, "repo");
  CHECK(world.run("state/1.git", {"show", made.sha + ":a.txt"}) == "two");
}

TEST_CASE("a removed file is not in the snapshot, a staged one is", "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  world.write("repo/staged.txt", "s\n");
  world.run("repo", {"add", "staged.txt"});
  std::filesystem::remove(world.path("repo/a.txt"));
  auto const made = take(world, "repo");
  CHECK(files_of(world, made) == "staged.txt");
  CHECK(world.run("repo", {"status", "--porcelain"}) == " D a.txt\nA  staged.txt");
}

TEST_CASE("only what was committed is taken when that is asked for", "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  world.write("repo/a.txt", "two\n");
  coordinator::snapshot_options committed;
  committed.committed_only = true;
  CHECK_FALSE(take(world, "repo", committed).dirty);

  world.run("repo", {"commit", "--quiet", "-am", "second"});
  world.run("repo", {"tag", "v1", "HEAD~1"});
  world.run("repo", {"branch", "feature/x"});
  coordinator::snapshot_options tag;
  tag.ref = "v1";
  auto const tagged = take(world, "repo", tag);
  CHECK(tagged.tag);
  CHECK(tagged.ref == "v1");
  CHECK(tagged.sha == world.run("repo", {"rev-parse", "v1"}));
  coordinator::snapshot_options branch;
  branch.ref = "feature/x";
  CHECK(take(world, "repo", branch).ref == "feature/x");
  coordinator::snapshot_options missing;
  missing.ref = "nope";
  CHECK(try_snapshot(world, "repo", missing).failure == "there is no branch, tag or commit 'nope'");
}

TEST_CASE("a repository without a commit can be snapshotted", "[coordinator][snapshot]") {
  git_world world;
  std::filesystem::create_directories(world.path("repo"));
  world.run("repo", {"init", "--quiet", "-b", "trunk"});
  world.write("repo/a.txt", "one\n");
  auto const made = take(world, "repo");
  CHECK(made.dirty);
  CHECK(made.ref == "trunk");
  CHECK(files_of(world, made) == "a.txt");
}

TEST_CASE("a directory without git becomes a commit, with a warning", "[coordinator][snapshot]") {
  git_world world;
  world.write("plain/dir/a.txt", "one\n");
  auto const made = take(world, "plain");
  CHECK(made.no_repository);
  CHECK(made.ref == "main");
  CHECK(made.warnings.size() == 1);
  CHECK(files_of(world, made) == "dir/a.txt");
  CHECK_FALSE(std::filesystem::exists(world.path("plain/.git")));
}

TEST_CASE("a detached HEAD gets a name that can be fetched", "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  world.run("repo", {"checkout", "--quiet", "--detach"});
  auto const made = take(world, "repo");
  CHECK(made.ref == made.sha.substr(0, 8));
  CHECK(made.warnings.size() == 1);
}

TEST_CASE("a subdirectory and a linked worktree stand for their whole tree",
          "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  world.write("repo/sub/c.txt", "c\n");
  CHECK(files_of(world, take(world, "repo/sub")) == "a.txt\nsub/c.txt");
  world.run("repo", {"worktree", "add", "--quiet", "-b", "other", "../tree"});
  world.write("tree/d.txt", "d\n");
  auto const made = take(world, "tree");
  CHECK(made.ref == "other");
  CHECK(files_of(world, made) == "a.txt\nd.txt");
}

TEST_CASE("the user's branches and tags are published with the snapshot",
          "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  world.run("repo", {"tag", "v1"});
  world.run("repo", {"branch", "topic"});
  auto const first = take(world, "repo");
  CHECK(coordinator::publish_snapshot(first, 1, false).empty());
  CHECK(world.run("state/1.git", {"for-each-ref", "--format=%(refname)"}) ==
        "refs/heads/main\nrefs/heads/topic\nrefs/pipelines/1\nrefs/tags/v1");
  // A name that goes on where another ended is no conflict.
  world.run("repo", {"branch", "-m", "topic", "topic/deep"});
  world.write("repo/a.txt", "two\n");
  auto const second = take(world, "repo");
  CHECK(coordinator::publish_snapshot(second, 2, false).empty());
  CHECK(world.run("state/1.git", {"rev-parse", "refs/heads/main"}) == second.sha);
  CHECK(world.run("state/1.git", {"rev-parse", "refs/pipelines/1"}) == first.sha);
  CHECK(world.run("state/1.git", {"rev-parse", "refs/heads/topic/deep"}) == first.sha);
}

TEST_CASE("loose branches of ours do not outlive their end", "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  auto const made = take(world, "repo");
  auto const durable = GENERATE(false, true);
  CHECK(coordinator::publish_snapshot(made, 1, durable).empty());
  world.run("state/1.git", {"update-ref", "refs/heads/gone", made.sha, std::string(40, '0')});
  CHECK(coordinator::publish_snapshot(made, 2, durable).empty());
  CHECK(world.run("state/1.git", {"for-each-ref", "--format=%(refname)"}) ==
        "refs/heads/main\nrefs/pipelines/1\nrefs/pipelines/2");
  CHECK(world.run("state/1.git", {"symbolic-ref", "HEAD"}) == "refs/heads/main");
}

TEST_CASE("a repository of SHA-256 is served as one", "[coordinator][snapshot]") {
  git_world world;
  std::filesystem::create_directories(world.path("repo"));
  world.run("repo", {"init", "--quiet", "--object-format=sha256", "-b", "main"});
  world.write("repo/a.txt", "one\n");
  auto const made = take(world, "repo");
  CHECK(made.sha.size() == 64);
  CHECK(made.before_sha == std::string(64, '0'));
  CHECK(coordinator::publish_snapshot(made, 1, false).empty());
  CHECK(world.run("state/1.git", {"rev-parse", "refs/pipelines/1"}) == made.sha);
}

TEST_CASE("names of refs are what git takes for one", "[coordinator][snapshot]") {
  git_world world;
  std::string const name = GENERATE(
      "refs/heads/main", "refs/heads/a.b/c-d", "refs/heads/@", "refs/heads/\xc3\xa4", "refs/heads/",
      "refs/heads//a", "/refs/heads/a", "refs/heads/a.lock", "refs/heads/a.lock/b", "refs/heads/.a",
      "refs/heads/a.", "refs/heads/a..b", "refs/heads/a b", "refs/heads/a~1", "refs/heads/a^",
      "refs/heads/a:b", "refs/heads/a?", "refs/heads/a*", "refs/heads/[a", "refs/heads/a\\b",
      "refs/heads/a@{1}", "refs/heads/a\x01", "refs/heads/a\x7f");
  CAPTURE(name);
  CHECK(coordinator::is_ref_name(name) == world.try_run(".", {"check-ref-format", name}).ok());
}

TEST_CASE("a shallow clone can be served", "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  world.write("repo/a.txt", "two\n");
  world.run("repo", {"commit", "--quiet", "-am", "second"});
  world.run(".", {"clone", "--quiet", "--depth", "1", "file://" + world.path("repo").string(),
                  "shallow"});
  auto const made = take(world, "shallow");
  CHECK(coordinator::publish_snapshot(made, 1, false).empty());
  world.run(".", {"clone", "--quiet", "file://" + world.path("state/1.git").string(), "again"});
  CHECK(world.read("again/a.txt") == "two\n");
}

TEST_CASE("a file that cannot be read is left out, with a warning", "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  world.write("repo/b.txt", "b\n");
  // A name that git refuses stands for what cannot be read: permissions do not stop root.
  std::filesystem::create_directories(world.path("repo/nested"));
  world.run("repo/nested", {"init", "--quiet"});
  auto const made = take(world, "repo");
  CHECK(files_of(world, made) == "a.txt\nb.txt");
  CHECK(made.warnings.size() == 1);
}

TEST_CASE("submodules stay what they are", "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("lib");
  world.make_repository("repo");
  world.run("repo", {"-c", "protocol.file.allow=always", "submodule", "--quiet", "add",
                     world.path("lib").string(), "lib"});
  auto const made = take(world, "repo");
  CHECK(world.run("state/1.git", {"ls-tree", made.sha, "lib"}).starts_with("160000 commit"));
}

TEST_CASE("a submodule counts with the commit that it is at", "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("lib");
  world.make_repository("repo");
  world.run("repo", {"-c", "protocol.file.allow=always", "submodule", "--quiet", "add",
                     world.path("lib").string(), "lib"});
  world.run("repo", {"commit", "--quiet", "-m", "with lib"});
  world.write("repo/lib/a.txt", "changed\n");
  CHECK_FALSE(take(world, "repo").dirty);
  world.run("repo", {"config", "submodule.lib.ignore", "all"});
  world.run("repo/lib",
            {"-c", "user.name=B", "-c", "user.email=b@example.com", "commit", "-qam", "second"});
  auto const made = take(world, "repo");
  CHECK(made.dirty);
  CHECK(world.run("state/1.git", {"rev-parse", made.sha + ":lib"}) ==
        world.run("repo/lib", {"rev-parse", "HEAD"}));
}

TEST_CASE("project paths are taken from the remote", "[coordinator][snapshot]") {
  struct row {
    char const* url;
    char const* path;
  };
  auto const [url, path] = GENERATE(values<row>({
      {"https://user:pass@gitlab.example.com/group/sub/name.git", "group/sub/name"},
      {"git@gitlab.example.com:group/name.git", "group/name"},
      {"ssh://git@host:2222/group/name", "group/name"},
      {"file:///srv/git/group/name.git", "group/name"},
      {"/home/me/work/name", "work/name"},
      {"../name", "local/name"},
      {"https://host/odd%20name", "local/odd-20name"},
      {"", ""},
  }));
  CAPTURE(url);
  CHECK(coordinator::project_path_of(url) == path);
  CHECK(coordinator::without_credentials("https://user:pass@h/x") == "https://h/x");
}

TEST_CASE("a configuration is evaluated with files and changes of the snapshot",
          "[coordinator][snapshot]") {
  git_world world;
  world.make_repository("repo");
  world.write("repo/.gitlab-ci.yml",
              "include:\n  - local: ci/more.yml\n"
              "changed:\n  script: x\n  rules:\n    - changes: [src/*]\n"
              "unchanged:\n  script: x\n  rules:\n    - changes: [a.txt]\n"
              "there:\n  script: x\n  rules:\n    - exists: [src/new.c]\n"
              "absent:\n  script: x\n  rules:\n    - exists: [nowhere/*]\n");
  world.write("repo/ci/more.yml", "included:\n  script: x\n");
  world.write("repo/src/new.c", "int x;\n");
  auto const made = take(world, "repo");
  auto const evaluation = world.loop.run(
      coordinator::evaluate_snapshot(world.git, made, coordinator::source_of(made)));
  INFO(pipeline::to_string(evaluation.errors));
  REQUIRE(evaluation.outcome == pipeline::verdict::planned);
  std::vector<std::string> names;
  for (auto const& job : evaluation.plan.jobs) names.push_back(job.name);
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{"changed", "included", "there"});

  world.make_repository("empty");
  auto const bare = take(world, "empty");
  auto const none = world.loop.run(
      coordinator::evaluate_snapshot(world.git, bare, coordinator::source_of(bare)));
  CHECK(none.outcome == pipeline::verdict::invalid);
  CHECK(none.errors.size() == 1);
}
