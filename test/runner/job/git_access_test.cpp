#include "runner/job/git_access.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace corunner;
using rewrites = std::vector<git_access::rewrite>;

namespace {

git_access_facts facts() {
  return {.repo_url = "https://gitlab-ci-token:tok@gitlab.example.com/group/project.git",
          .runner_url = "https://gitlab.example.com/",
          .project_path = "group/project",
          .token = "tok",
          .ssh_host = "ssh.example.com"};
}

}  // namespace

TEST_CASE("the remote is set without credentials, rewrites add them", "[job][git]") {
  auto const access = git_access_of(facts());
  CHECK(access.remote == "https://gitlab.example.com/group/project.git");
  CHECK(access.origin == "https://gitlab.example.com");
  CHECK(access.takes_credentials);
  CHECK(access.rewrites ==
        rewrites{{"https://gitlab-ci-token:tok@gitlab.example.com/group/project.git",
                  "https://gitlab.example.com/group/project.git"},
                 {"https://gitlab-ci-token:tok@gitlab.example.com", "https://gitlab.example.com"}});
}

TEST_CASE("clone_url replaces the address and gets the job's credentials", "[job][git]") {
  auto how = facts();
  how.clone_url = "http://inside:8080/gitlab";
  auto const access = git_access_of(how);
  CHECK(access.remote == "http://inside:8080/gitlab/group/project.git");
  CHECK(access.rewrites ==
        rewrites{{"http://gitlab-ci-token:tok@inside:8080/gitlab/group/project.git",
                  "http://inside:8080/gitlab/group/project.git"},
                 {"http://gitlab-ci-token:tok@inside:8080/gitlab", "http://inside:8080/gitlab"},
                 {"https://gitlab-ci-token:tok@gitlab.example.com", "https://gitlab.example.com"}});
}

TEST_CASE("an ssh address has the user git and no password", "[job][git]") {
  auto how = facts();
  how.clone_url = "ssh://inside:2222";
  auto const access = git_access_of(how);
  CHECK(access.remote == "ssh://git@inside:2222/group/project.git");
  CHECK(access.takes_credentials);
  CHECK_FALSE(access.http);
}

TEST_CASE("GIT_SUBMODULE_FORCE_HTTPS rewrites both forms of ssh addresses", "[job][git]") {
  auto how = facts();
  how.force_https = true;
  std::string const base = "https://gitlab-ci-token:tok@gitlab.example.com";
  SECTION("the usual port") {
    auto const access = git_access_of(how);
    CHECK(access.rewrites[2] == git_access::rewrite{base + "/", "git@ssh.example.com:"});
    CHECK(access.rewrites[3] == git_access::rewrite{base, "ssh://git@ssh.example.com"});
  }
  SECTION("another port") {
    how.ssh_port = "2222";
    auto const access = git_access_of(how);
    CHECK(access.rewrites.size() == 3);
    CHECK(access.rewrites[2] == git_access::rewrite{base, "ssh://git@ssh.example.com:2222"});
  }
}

TEST_CASE("without tokens no address holds one", "[job][git]") {
  auto how = facts();
  how.without_tokens = true;
  CHECK(git_access_of(how).rewrites.empty());
  how.force_https = true;
  auto const access = git_access_of(how);
  CHECK(access.rewrites == rewrites{{"https://gitlab.example.com/", "git@ssh.example.com:"},
                                    {"https://gitlab.example.com", "ssh://git@ssh.example.com"}});
  CHECK(access.clone_remote == access.remote);
}

TEST_CASE("an address that is none is taken as it is", "[job][git]") {
  auto how = facts();
  how.repo_url = "/srv/git/project.git";
  auto const access = git_access_of(how);
  CHECK(access.remote == "/srv/git/project.git");
  CHECK_FALSE(access.takes_credentials);
}

TEST_CASE("a configuration is written as git writes it", "[job][git]") {
  git_configuration out;
  out.add("http", "", "extraHeader", "X: y");
  out.add("url", "https://a\"b", "insteadOf", "one");
  out.add("core", "", "x", " #1;\t\\");
  out.add("url", "https://a\"b", "insteadOf", "two");
  CHECK(out.text() ==
        "[http]\n\textraHeader = X: y\n"
        "[url \"https://a\\\"b\"]\n\tinsteadOf = one\n\tinsteadOf = two\n"
        "[core]\n\tx = \" #1;\\t\\\\\"\n");
}
