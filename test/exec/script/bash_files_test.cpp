#include "exec/script/shell_writer.hpp"
#include "test/exec/script/posix_dialects.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include <filesystem>
#include <string>

namespace corunner::exec {
namespace {

TEST_CASE("files and directories are made, written and removed", "[exec][script]") {
  FOR_EACH_SHELL(b);
  auto const root = b.dir / "a b";
  b.w->make_directory(root + "/deep/er");
  b.w->write_file(root + "/deep/file", "x\n\xc3\xa9\"$HOME");
  b.w->line("chmod 0 '" + root + "/deep/er'");
  b.w->write_file(root + "/one.lock", "");
  b.w->write_file(root + "/deep/two.lock", "");
  b.w->make_directory(root + "/deep/hooks/x");
  b.w->remove_files_recursive(root, "*.lock");
  b.w->remove_files_recursive(b.dir / "none", "*.lock");
  b.w->remove_directories_recursive(root, "hooks");
  b.w->change_directory(root);
  b.w->line("ls; ls deep; cat deep/file");
  b.w->remove_file(root + "/deep/file");
  b.w->remove_file(root + "/deep/file");
  b.w->change_directory(b.dir.path());
  b.w->remove_directory(root);
  b.w->remove_directory(root);
  auto const ran = b.run();
  CHECK(ran.status.ok());
  CHECK(ran.out == "deep\ner\nfile\nx\n\xc3\xa9\"$HOME");
  CHECK(ran.err.empty());
  CHECK_FALSE(std::filesystem::exists(root));
}

TEST_CASE("a directory is made writable only when it cannot be removed as it is",
          "[exec][script]") {
  FOR_EACH_SHELL(b);
  b.w->make_directory(b.dir / "plain");
  b.w->make_directory(b.dir / "protected");
  b.w->line("chmod() { echo \"$*\"; : > writable; }");
  b.w->line("rm() { case $* in */protected) [ -e writable ] ;; esac && command rm \"$@\"; }");
  b.w->remove_directory(b.dir / "plain");
  b.w->remove_directory(b.dir / "protected");
  auto const ran = b.run();
  CHECK(ran.status.ok());
  CHECK(ran.out == "-R u+rwX " + b.dir / "protected" + "\n");
  CHECK_FALSE(std::filesystem::exists(b.dir / "plain"));
  CHECK_FALSE(std::filesystem::exists(b.dir / "protected"));
}

TEST_CASE("a dangling link is removed too", "[exec][script]") {
  FOR_EACH_SHELL(b);
  std::filesystem::create_symlink("/no/such", b.dir / "link");
  b.w->remove_file(b.dir / "link");
  CHECK(b.run().status.ok());
  CHECK_FALSE(std::filesystem::is_symlink(b.dir / "link"));
}

TEST_CASE("a failing directory change ends the stage", "[exec][script]") {
  FOR_EACH_SHELL(b);
  b.w->change_directory("/no/such");
  b.w->line("echo never");
  auto const ran = b.run();
  CHECK_FALSE(ran.status.ok());
  CHECK(ran.out.empty());
}

TEST_CASE("git answers with the job token where the helper is set up", "[exec][script]") {
  FOR_EACH_SHELL(b);
  b.w->variable("CI_JOB_TOKEN", "t'o\"k\\en");
  b.w->git_credential_helper(b.dir / "conf", "https://gitlab.example.com");
  b.w->line("export GIT_CONFIG_GLOBAL=\"$PWD/conf\" GIT_CONFIG_NOSYSTEM=1");
  b.w->command_with_input("protocol=https\nhost=gitlab.example.com\n",
                          {"git", "credential", "fill"}, false);
  auto const ran = b.run();
  CHECK(ran.err.empty());
  CHECK(ran.out ==
        "protocol=https\nhost=gitlab.example.com\nusername=gitlab-ci-token\npassword=t'o\"k\\en\n");
}

TEST_CASE("a dotenv file is sorted and escaped", "[exec][script]") {
  FOR_EACH_SHELL(b);
  auto const path = b.w->write_dotenv(
      "cache_env", {{"Z", "last"}, {"A", "q\" b\\ n\n r\r $HOME `id`"}, {"9x", "no"}});
  CHECK(b.run().status.ok());
  CHECK(path == b.dir / "job.tmp/cache_env");
  CHECK(b.dir.read("job.tmp/cache_env") ==
        "A=\"q\\\" b\\\\ n\\n r\\r $HOME `id`\"\nZ=\"last\"\n");
}

TEST_CASE("an owner file hands its owner on to a directory", "[exec][script]") {
  FOR_EACH_SHELL(b);
  b.dir.write("owner", "");
  b.w->make_directory(b.dir / "tree");
  b.w->take_owner_of(b.dir / "owner", b.dir / "tree");
  b.w->take_owner_of(b.dir / "none", b.dir / "none either");
  CHECK(b.run().status.ok());
}

}  // namespace
}  // namespace corunner::exec
