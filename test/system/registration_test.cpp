// The life of a runner entry: register, verify, list, a job, unregister.

#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"

#include <sys/stat.h>

namespace corunner::test {

namespace {

std::string mode_of(std::filesystem::path const& file) {
  struct stat about {};
  REQUIRE(::stat(file.c_str(), &about) == 0);
  return fmt::format("{:o}", about.st_mode & 07777);
}

}  // namespace

TEST_CASE("a registered runner is verified, listed, runs a job and is unregistered", "[system]") {
  world w;
  auto const repo =
      w.make_repository("repo", "job: {script: ['echo \"hello $CI_PROJECT_NAME\"']}\n");
  gitlab_program gitlab(w, {"--repo", repo.string(), "--once"});
  auto const config = w.path("etc/config.toml");
  auto const command = [&](std::vector<std::string> words) {
    words.insert(words.begin() + 1, {"--config", config.string()});
    return w.start(std::move(words));
  };

  auto registering = command({"register", "--non-interactive", "--url", gitlab.url(), "--token",
                              gitlab.runner_token(), "--name", "of the test", "--executor", "shell",
                              "--builds-dir", w.path("builds").string()});
  CHECK(registering.wait() == 0);
  INFO(registering.out() << registering.err());
  REQUIRE(std::filesystem::exists(config));
  CHECK(mode_of(config) == "600");
  auto const text = read_file(config);
  CHECK(text.find("token = \"" + gitlab.runner_token() + "\"") != std::string::npos);
  CHECK(text.find("executor = \"shell\"") != std::string::npos);

  auto verifying = command({"verify"});
  CHECK(verifying.wait() == 0);
  CHECK(verifying.err().find("is valid") != std::string::npos);

  auto listing = command({"list"});
  CHECK(listing.wait() == 0);
  CHECK((listing.out() + listing.err()).find("of the test") != std::string::npos);

  auto once = command({"run", "--once"});
  CHECK(once.wait() == 0);
  CHECK(once.out().find("\nhello repo\n") != std::string::npos);
  CHECK(gitlab.process.wait() == 0);
}

TEST_CASE("unregister takes the entry out of the file and leaves the other one", "[system]") {
  world w;
  gitlab_program gitlab(w, {});
  auto const config = w.path("config.toml");
  auto const made = gitlab.ask("POST", "/user/runners?runner_type=instance_type");
  std::map<std::string, std::string> const tokens{
      {"gone soon", gitlab.runner_token()}, {"stays", std::string(made.at("token").as_string())}};
  for (auto const& [name, token] : tokens) {
    auto registering = w.start({"register", "--config", config.string(), "--non-interactive",
                                "--url", gitlab.url(), "--token", token, "--name", name,
                                "--executor", "shell"});
    REQUIRE(registering.wait() == 0);
  }
  REQUIRE(count_of("[[runners]]", read_file(config)) == 2);
  auto leaving = w.start({"unregister", "--config", config.string(), "--name", "gone soon"});
  CHECK(leaving.wait() == 0);
  CHECK(count_of("[[runners]]", read_file(config)) == 1);
  CHECK(read_file(config).find("name = \"stays\"") != std::string::npos);
  CHECK(mode_of(config) == "600");
}

}  // namespace corunner::test
