#include "runner/job/script/git_leftovers.hpp"

#include "test/support/set_variable.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <cstdlib>
#include <fstream>

using namespace corunner;
namespace fs = std::filesystem;

namespace {

constexpr char const* origin = "https://gitlab.example.com:8443";

// A home that is empty at first, and no git in the path whose system file could tell something.
struct home {
  fs::path path;
  test::set_variable variable;
  test::set_variable search{"PATH", "/no/such/directory"};
  home() : path(made()), variable("HOME", path.string()) { ::unsetenv("XDG_CONFIG_HOME"); }
  ~home() { fs::remove_all(path); }
  void write(std::string const& name, std::string const& text) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name) << text;
  }
  static std::string made() {
    std::string name = (fs::temp_directory_path() / "corunner-home-XXXXXX").string();
    return mkdtemp(name.data());
  }
};

}  // namespace

TEST_CASE("a credential store that may be the job's is seen", "[job][git]") {
  home const h;
  // What the machine itself says is for other hosts at most, here and wherever this runs.
  REQUIRE_FALSE(may_have_credential_store(origin));
  auto const file = GENERATE(as<std::string>(), ".gitconfig", ".config/git/config");
  auto const text =
      GENERATE(as<std::string>(), "[credential]\n\thelper = store\n",
               "[user] name = a\n[CREDENTIAL] helper = x", "[core]\n[include]\n\tpath = other\n",
               "[includeIf \"gitdir:~/x\"]\n\tpath = other\n",
               "[credential \"https://gitlab.EXAMPLE.com\"]\n\thelper = store\n",
               "[credential \"https://*.example.com\"]\n\thelper = store\n",
               "[credential \"https://other.example.com\"]\n[credential]\n");
  CAPTURE(file, text);
  h.write(file, text);
  CHECK(may_have_credential_store(origin));
}

TEST_CASE("what no store of the job's host is does not count", "[job][git]") {
  home const h;
  auto const text = GENERATE(as<std::string>(), "", "[user]\n\tname = credential include\n",
                             "[credential \"https://other.example.com\"]\n\thelper = store\n");
  CAPTURE(text);
  h.write(".gitconfig", text);
  CHECK_FALSE(may_have_credential_store(origin));
}

TEST_CASE("where git's files cannot be told, a store is assumed", "[job][git]") {
  home const h;
  SECTION("without a home") {
    test::set_variable const none("HOME", "");
    CHECK(may_have_credential_store(origin));
  }
  SECTION("with other files by variable") {
    test::set_variable const other("GIT_CONFIG_GLOBAL", "/else/where");
    CHECK(may_have_credential_store(origin));
    ::unsetenv("GIT_CONFIG_GLOBAL");
  }
  SECTION("with a directory for a file") {
    fs::create_directories(h.path / ".gitconfig/x");
    CHECK(may_have_credential_store(origin));
  }
  SECTION("with a file that is too large") {
    h.write(".gitconfig", std::string(100000, '\n'));
    CHECK(may_have_credential_store(origin));
  }
  SECTION("for a remote without a host") { CHECK(may_have_credential_store("")); }
}

TEST_CASE("a system file beside a git of the path counts", "[job][git]") {
  home const h;
  h.write("opt/bin/git", "");
  h.write("opt/etc/gitconfig", "[credential]\n\thelper = store\n");
  test::set_variable const path("PATH", "/no/such:" + (h.path / "opt/bin").string());
  CHECK(may_have_credential_store(origin));
}

TEST_CASE("variables that direct git to other files are known", "[job][git]") {
  auto const name = GENERATE(as<std::string>(), "GIT_CONFIG_COUNT", "GIT_CONFIG_GLOBAL", "GIT_DIR",
                             "HOME", "XDG_CONFIG_HOME", "PATH");
  CAPTURE(name);
  CHECK(directs_git(job_variables({{.key = name, .value = "x"}})));
  CHECK_FALSE(directs_git(job_variables({{.key = "GIT_STRATEGY", .value = "fetch"}})));
}

TEST_CASE("what a killed git left is removed, and nothing else", "[job][git]") {
  home const h;
  for (auto const* name : {".git/index.lock", ".git/config.lock", ".git/hooks/post-checkout",
                           ".git/refs/a.lock", ".git/refs/heads/x/y.lock", ".git/refs/heads/x/y",
                           ".git/config", ".git/hooks/pre-push", "outside/kept.lock"}) {
    h.write(name, "x");
  }
  fs::create_directories(h.path / ".git/refs/tags/directory.lock");
  fs::create_directory_symlink(h.path / "outside", h.path / ".git/refs/link");
  CHECK(remove_stale_git_files(h.path / ".git"));
  for (auto const* gone : {".git/index.lock", ".git/config.lock", ".git/hooks/post-checkout",
                           ".git/refs/a.lock", ".git/refs/heads/x/y.lock"}) {
    CAPTURE(gone);
    CHECK_FALSE(fs::exists(h.path / gone));
  }
  for (auto const* kept : {".git/refs/heads/x/y", ".git/config", ".git/hooks/pre-push",
                           "outside/kept.lock", ".git/refs/tags/directory.lock"}) {
    CAPTURE(kept);
    CHECK(fs::exists(h.path / kept));
  }
  CHECK(remove_stale_git_files(h.path / "no/such/.git"));
}

TEST_CASE("a lock that cannot be removed is told", "[job][git]") {
  home const h;
  fs::create_directories(h.path / ".git/index.lock/inside");
  CHECK_FALSE(remove_stale_git_files(h.path / ".git"));
}
