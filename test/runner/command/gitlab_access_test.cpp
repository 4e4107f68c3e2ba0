// Which GitLab, and whose token: from flags, variables and runners.toml.

#include "runner/command/gitlab_access.hpp"
#include "test/net/temporary_directory.hpp"
#include "test/support/manual_time.hpp"
#include "test/support/memory_net.hpp"
#include "test/support/settle.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <filesystem>
#include <fstream>
#include <map>

using namespace corunner;

namespace {

// A person with a home and an environment.
struct person {
  asio::io_context io;
  test::manual_time time{io.get_executor()};
  test::memory_dialer network{io.get_executor()};
  net::blocking_pool pool;
  test::temporary_directory home;
  std::map<std::string, std::string, std::less<>> variables{{"HOME", home.path().string()}};
  log_target log{time, [](std::string_view) {}};
  access_options given;

  std::filesystem::path file() const { return home.path() / ".config/corunner/runners.toml"; }

  void write(std::filesystem::path const& where, std::string_view text, int mode = 0600) {
    std::filesystem::create_directories(where.parent_path());
    std::ofstream(where) << text;
    std::filesystem::permissions(where, static_cast<std::filesystem::perms>(mode));
  }

  config::outcome<gitlab_access> find() {
    services all{io, time, pool, network,
                 [this](std::string_view name) -> std::optional<std::string> {
                   auto const found = variables.find(name);
                   if (found == variables.end()) return std::nullopt;
                   return found->second;
                 },
                 log, logger(log), "corunner", "config.toml"};
    questions input(io.get_executor(), true);
    std::optional<config::outcome<gitlab_access>> out;
    asio::co_spawn(io, find_access(all, given, input),
                   [&](std::exception_ptr failure, config::outcome<gitlab_access> got) {
                     REQUIRE_FALSE(failure);
                     out.emplace(std::move(got));
                   });
    test::settle(io);
    REQUIRE(out.has_value());
    return *std::move(out);
  }
  std::string failure() {
    auto const found = find();
    return found ? "" : found.error().message;
  }
};

constexpr std::string_view two_servers =
    "[[gitlab]]\nurl = \"https://one.test/\"\naccess_token = \"of-one\"\n"
    "tls_ca_file = \"/dev/null\"\n"
    "[[gitlab]]\nurl = \"https://two.test\"\n";

}  // namespace

TEST_CASE("without anything given the first server of the file and its token are taken",
          "[command][runners]") {
  person who;
  who.write(who.file(), two_servers);
  auto const access = who.find().value();
  CHECK(access.url == "https://one.test/");
  CHECK(access.token.reveal() == "of-one");
  CHECK(access.origin == "'" + who.file().string() + "'");
  CHECK(access.tls.ca_file == "/dev/null");
}

TEST_CASE("a token of the list goes to its own server only", "[command][runners]") {
  auto const& [url, token] =
      GENERATE(table<std::string, std::string>({{"https://one.test", "of-one"},
                                                {"https://one.test:443/", "of-one"},
                                                {"https://two.test", ""},
                                                {"http://one.test", ""},
                                                {"https://three.test", ""}}));
  CAPTURE(url);
  person who;
  who.write(who.file(), two_servers);
  who.given.url = url;
  auto const access = who.find().value();
  CHECK(access.url == url);
  CHECK(access.token.reveal() == token);
}

TEST_CASE("the variable's token goes where the person said, or where the list has none",
          "[command][runners]") {
  auto const& [url, first, token] = GENERATE(table<std::string, std::string, std::string>({
      {"https://one.test", "https://one.test", "of-variable"},
      {"https://three.test", "https://one.test", "of-variable"},
      {"", "https://one.test", "of-one"},
  }));
  person who;
  who.write(who.file(), two_servers);
  who.variables["GITLAB_TOKEN"] = "of-variable";
  who.given.url = url;
  CHECK(who.find().value().token.reveal() == token);
}

TEST_CASE("a file that is named with a token wins", "[command][runners]") {
  person who;
  who.write(who.file(), two_servers);
  who.variables["GITLAB_TOKEN"] = "of-variable";
  auto const file = who.home.path() / "token";
  who.write(file, " of-file \n", 0444);
  who.given.token_file = file.string();
  auto const access = who.find().value();
  CHECK(access.token.reveal() == "of-file");
  CHECK(access.origin == "'" + file.string() + "'");
}

TEST_CASE("the list may name a file with the token", "[command][runners]") {
  person who;
  auto const file = who.home.path() / "token";
  who.write(file, "of-file\n");
  who.write(who.file(),
            "[[gitlab]]\nurl = 'https://one.test'\naccess_token_file = '" + file.string() + "'\n");
  CHECK(who.find().value().token.reveal() == "of-file");
}

TEST_CASE("XDG_CONFIG_HOME moves the list", "[command][runners]") {
  person who;
  who.variables["XDG_CONFIG_HOME"] = (who.home.path() / "etc").string();
  who.write(who.home.path() / "etc/corunner/runners.toml", two_servers);
  CHECK(who.find().value().url == "https://one.test/");
}

TEST_CASE("a list that others may read is refused", "[command][runners]") {
  auto const mode = GENERATE(0644, 0640, 0604, 0660);
  person who;
  who.write(who.file(), two_servers, mode);
  auto const why = who.failure();
  CHECK(why.find("may be read by others") != std::string::npos);
  CHECK(why.find("chmod 600 '" + who.file().string() + "'") != std::string::npos);
  CHECK(why.find("of-one") == std::string::npos);
}

TEST_CASE("mistakes in the list are named with their line", "[command][runners]") {
  auto const& [text, why] = GENERATE(table<std::string, std::string>({
      {"[[gitlab]]\nurl = 'https://a'\ntoken = 'x'\n", ":3: unknown key 'token'"},
      {"[[gitlab]]\nurl = 'https://a'\nacces_token = 'x'\n",
       ":3: unknown key 'acces_token', did you mean 'access_token'?"},
      {"[[gitlab]]\nurl = 7\n", ":2: 'url' takes a text in quotes"},
      {"[[gitlab]]\naccess_token = 'x'\n", "a [[gitlab]] needs a url"},
      {"[[runners]]\nurl = 'https://a'\n", "expected tables [[gitlab]], found 'runners'"},
      {"url = 'https://a'\n", ":1: expected tables [[gitlab]], found 'url'"},
      {"[[gitlab\n", "runners.toml: "},
  }));
  CAPTURE(text);
  person who;
  who.write(who.file(), text);
  CHECK(who.failure().find(why) != std::string::npos);
}

TEST_CASE("nothing known: the person is told all ways to say which GitLab", "[command][runners]") {
  person who;
  auto const why = who.failure();
  CHECK(why.find("--url or $CI_SERVER_URL") != std::string::npos);
  CHECK(why.find(who.file().string()) != std::string::npos);
}

TEST_CASE("files without a usable token are told without their content", "[command][runners]") {
  auto const& [text, why] = GENERATE(table<std::string, std::string>({
      {"", " is empty: it should hold a token"},
      {" \n\n", " is empty: it should hold a token"},
      {"GITLAB_TOKEN=glpat-secret # mine\n",
       " holds more than one word: it should hold a token and nothing else"},
  }));
  person who;
  auto const file = who.home.path() / "token";
  who.write(file, text);
  who.given.url = "https://one.test";
  who.given.token_file = file.string();
  CHECK(who.failure() == "file '" + file.string() + "'" + why);
}

TEST_CASE("a file for TLS that cannot be read is named", "[command][runners]") {
  person who;
  who.given.url = "https://one.test";
  auto const missing = (who.home.path() / "missing.pem").string();
  auto const field = GENERATE(&access_options::tls_ca_file, &access_options::tls_cert_file,
                              &access_options::tls_key_file);
  who.given.*field = missing;
  CHECK(who.failure() == "'" + missing + "' cannot be read: No such file or directory");
}

TEST_CASE("a token in place of a file's name is not repeated", "[command][runners]") {
  person who;
  who.given.url = "https://one.test";
  who.given.token_file = "glpat-abcdefghijklmnopqrst";
  CHECK(who.failure() == "expected the name of a file with a token, found a token");
  who.given.token_file = "myco-glrt-t1_abcdefghijklmnopqrst";
  CHECK(who.failure() == "expected the name of a file with a token, found a token");
  auto const file = who.home.path() / "glrt-of-runner-1";
  who.write(file, "of-file");
  who.given.token_file = file.string();
  CHECK(who.find().value().token.reveal() == "of-file");
  who.given.token_file = "/nowhere/token";
  CHECK(who.failure() == "there is no file '/nowhere/token' with a token");
}
