// `corunner local` in a repository with large files of Git LFS, with the real git-lfs.

#include "test/support/find_program.hpp"
#include "test/system/support/files.hpp"
#include "test/system/support/local_world.hpp"

#include <cstdlib>

namespace corunner::test {

namespace {

namespace fs = std::filesystem;

// One large file is committed, a second one is new in the working tree.
struct lfs_world : local_world {
  explicit lfs_world(std::string const& pipeline)
      : local_world(pipeline), program(find_program("git-lfs")) {
    REQUIRE_FALSE(program.empty());  // tools/setup check
    // As a user has it: in the path of every login shell, and in that of the one who starts us.
    write_file(path("home/.profile"), "PATH=" + program.parent_path().string() + ":$PATH\n");
    in_repository(
        "git lfs install --skip-repo && git lfs track '*.bin' && echo 'content of one' > one.bin && "
        "git add -A && git commit --quiet -m large && echo 'content of two' > two.bin");
  }

  void in_repository(std::string const& command) {
    run("bash", {"-l", "-c", "exec 2>&1; " + command}, repo);
  }
  finished local_with_lfs() {
    auto const path = program.parent_path().string() + ":" + std::getenv("PATH");
    auto running = start({"local"}, {.directory = repo, .environment = {{"PATH", path}}});
    finished result;
    result.code = running.wait();
    result.out = running.out();
    result.err = running.err();
    return result;
  }

  fs::path program;
};

}  // namespace

TEST_CASE("local brings large files of Git LFS, committed and new ones", "[system][local][lfs]") {
  lfs_world w(
      "job: {script: ['cat one.bin two.bin', 'git show HEAD:two.bin | head -n 1', "
      "'git lfs push --object-id origin $(git lfs ls-files --long | cut -c 1-64) || echo refused']}\n");
  auto const before = fingerprint(w.repo / ".git/lfs/objects");
  auto const result = w.local_with_lfs();
  auto const& shown = result.out;
  INFO(shown << result.err);
  CHECK(result.code == 0);
  CHECK(has(shown, "content of one\n"));
  CHECK(has(shown, "content of two\n"));
  CHECK(has(shown, "version https://git-lfs.github.com/spec/v1\n"));
  CHECK(has(shown, "refused\n"));
  CHECK(fingerprint(w.repo / ".git/lfs/objects") == before);
}

TEST_CASE("local tells which large file the repository does not have", "[system][local][lfs]") {
  lfs_world w("job: {script: [cat one.bin]}\n");
  w.in_repository(
      "git show HEAD:one.bin > two.bin && mv two.bin one.bin && rm -r .git/lfs/objects");
  auto const result = w.local_with_lfs();
  auto const& shown = result.out;
  INFO(shown << result.err);
  CHECK(result.code == 1);
  CHECK(has(shown, "not in .git/lfs of the repository: `git lfs fetch` brings it there"));
}

}  // namespace corunner::test
