#include "exec/engine/docker_credentials.hpp"

#include "test/exec/scripted_launcher.hpp"
#include "test/net/temporary_directory.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/settle.hpp"

#include <boost/asio/co_spawn.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <sstream>

namespace corunner::test {

namespace {

using namespace exec;
using namespace std::chrono_literals;

struct world {
  asio::io_context io{1};
  manual_time time{io.get_executor()};
  scripted_launcher launcher;
  temporary_directory home;
  docker_credentials logins{launcher, time,
                            [this](std::string_view name) -> std::optional<std::string> {
                              if (name == "HOME") return home.path().string();
                              return std::nullopt;
                            }};

  std::filesystem::path file() const { return home.path() / ".docker/config.json"; }
  void write(std::string_view text) {
    std::filesystem::create_directories(file().parent_path());
    std::ofstream(file()) << text;
  }
  std::string read() const {
    std::ostringstream out;
    out << std::ifstream(file()).rdbuf();
    return out.str();
  }
  // The helper that is asked prints that and ends so.
  void helper(std::string output, int code) {
    launcher.on_launch = [output, code](scripted_process& process) {
      process.print(channel::out, output);
      process.end({code, 0});
    };
  }
  config::outcome<std::optional<registry_login>> find(std::string registry) {
    std::optional<config::outcome<std::optional<registry_login>>> got;
    auto const look = [&]() -> awaitable<void> { got = co_await logins.find(registry); };
    run_to_end(io, look());
    REQUIRE(got);
    return *got;
  }
  std::string store(std::string registry, registry_login login) {
    std::string why = "it did not end";
    auto const keep = [&]() -> awaitable<void> { why = co_await logins.store(registry, login); };
    run_to_end(io, keep());
    return why;
  }
};

registry_login const login{"user", secret("pass"), {}};

}  // namespace

TEST_CASE("docker's file is where DOCKER_CONFIG says", "[docker][credentials]") {
  auto const variables = [](std::string_view name) -> std::optional<std::string> {
    return name == "DOCKER_CONFIG" ? "/etc/docker-of-ci" : "/home/ci";
  };
  CHECK(docker_config_file(variables) == "/etc/docker-of-ci/config.json");
}

TEST_CASE("without a file there is no login, and storing one makes it for its owner alone",
          "[docker][credentials]") {
  world w;
  auto const before = w.find("r.example.com");
  REQUIRE(before.has_value());
  CHECK_FALSE(*before);
  CHECK(w.store("r.example.com", login) == "");
  struct stat found {};
  REQUIRE(::stat(w.file().c_str(), &found) == 0);
  CHECK((found.st_mode & 07777) == 0600);
  auto const after = w.find("r.example.com");
  REQUIRE(after.has_value());
  CHECK(*after == login);
  CHECK(w.launcher.started.empty());
}

TEST_CASE("a file that is broken is left alone", "[docker][credentials]") {
  world w;
  w.write("{ broken");
  CHECK(w.store("r.example.com", login) == "'" + w.file().string() + "' is no JSON object");
  CHECK(w.read() == "{ broken");
  CHECK_FALSE(w.find("r.example.com").has_value());
}

TEST_CASE("a helper is asked for the login and given what is stored", "[docker][credentials]") {
  world w;
  w.write(R"({"credHelpers": {"r.example.com": "vault"}})");
  w.helper(R"({"ServerURL": "r.example.com", "Username": "user", "Secret": "pass"})", 0);
  auto const found = w.find("r.example.com");
  REQUIRE(found.has_value());
  CHECK(*found == login);
  CHECK(w.launcher.started.back()->options.arguments ==
        std::vector<std::string>{"docker-credential-vault", "get"});
  CHECK(w.launcher.started.back()->options.input == "r.example.com\n");

  w.helper("", 0);
  CHECK(w.store("r.example.com", login) == "");
  CHECK(w.launcher.started.back()->options.arguments ==
        std::vector<std::string>{"docker-credential-vault", "store"});
  CHECK(w.launcher.started.back()->options.input ==
        R"({"ServerURL":"r.example.com","Username":"user","Secret":"pass"})");
  CHECK(w.read().find("\"r.example.com\": {}") != std::string::npos);
  CHECK(w.read().find("pass") == std::string::npos);
}

TEST_CASE("a helper gives identity tokens, too", "[docker][credentials]") {
  world w;
  w.write(R"({"credsStore": "vault"})");
  w.helper(R"({"Username": "<token>", "Secret": "identity"})", 0);
  auto const found = w.find("r.example.com");
  REQUIRE(found.has_value());
  CHECK(*found == registry_login{"", {}, secret("identity")});
}

TEST_CASE("a login that the helper does not know may stand in the file", "[docker][credentials]") {
  world w;
  w.write(R"({"credsStore": "vault", "auths": {"r.example.com": {"auth": "dXNlcjpwYXNz"}}})");
  w.helper("credentials not found in native keychain\n", 1);
  auto const found = w.find("r.example.com");
  REQUIRE(found.has_value());
  CHECK(*found == login);
}

TEST_CASE("what goes wrong with a helper is told in one line", "[docker][credentials]") {
  world w;
  w.write(R"({"credsStore": "vault"})");
  SECTION("it fails") {
    w.helper("the vault is locked\nand more\n", 1);
    CHECK(w.find("r.example.com").error().message ==
          "docker-credential-vault get: the vault is locked");
    CHECK(w.store("r.example.com", login) == "docker-credential-vault store: the vault is locked");
  }
  SECTION("it fails without a word") {
    w.helper("", 3);
    CHECK(w.find("r.example.com").error().message == "docker-credential-vault get: exit status 3");
  }
  SECTION("it gives something else") {
    w.helper("hello", 0);
    CHECK(w.find("r.example.com").error().message ==
          "docker-credential-vault get: no login in its answer");
  }
  SECTION("it cannot be started") {
    w.launcher.launch_failure = make_error_code(boost::system::errc::no_such_file_or_directory);
    auto const found = w.find("r.example.com");
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().message.starts_with("docker-credential-vault get: "));
  }
  SECTION("it prints without end") {
    w.helper(std::string(100 << 10, 'x'), 0);
    CHECK(w.find("r.example.com").error().message ==
          "docker-credential-vault get: its answer is too long");
  }
}

TEST_CASE("a helper's name is no path", "[docker][credentials]") {
  world w;
  w.write(R"({"credsStore": "../../tmp/evil"})");
  CHECK_FALSE(w.find("r.example.com").has_value());
  CHECK(w.launcher.started.empty());
}

TEST_CASE("a helper that hangs is ended after a minute", "[docker][credentials]") {
  world w;
  w.write(R"({"credsStore": "vault"})");
  w.launcher.on_launch = [](scripted_process& process) {
    process.on_signal = [&process](int which) { process.end({0, which}); };
  };
  std::string why;
  auto const look = [&]() -> awaitable<void> {
    why = (co_await w.logins.find("r.example.com")).error().message;
  };
  asio::co_spawn(w.io, look(), [](std::exception_ptr failure) { CHECK_FALSE(failure); });
  settle(w.io);
  REQUIRE(w.launcher.started.size() == 1);
  w.time.advance(59s);
  settle(w.io);
  CHECK(w.launcher.started[0]->signals.empty());
  w.time.advance(1s);
  settle(w.io);
  CHECK_FALSE(w.launcher.started[0]->signals.empty());
  CHECK(why == "docker-credential-vault get: no answer for a minute");
}

}  // namespace corunner::test
