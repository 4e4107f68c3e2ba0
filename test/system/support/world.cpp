#include "test/system/support/world.hpp"

#include "test/system/support/files.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace corunner::test {

namespace fs = std::filesystem;

namespace {

fs::path program_under_test() {
  char const* const path = std::getenv("CORUNNER_PROGRAM");
  if (!path || !*path) {
    throw std::runtime_error("CORUNNER_PROGRAM does not name the program to test");
  }
  return fs::absolute(path);
}

awaitable<http_answer> send(net::http_client& client, net::http_request request) {
  auto response = co_await client.send(std::move(request));
  if (!response) co_return http_answer{0, response.error().message()};
  auto body = co_await response->read_all(256 << 20);
  co_return http_answer{response->status, body ? std::move(*body) : body.error().message()};
}

}  // namespace

world::world() {
  for (auto const* name : {"home", "work", "tmp"}) fs::create_directories(path(name));
  write_file(path("home/.gitconfig"),
             "[user]\n\tname = Ann\n\temail = ann@example.com\n[init]\n\tdefaultBranch = main\n");
}

child_options world::options(fs::path program, std::vector<std::string> arguments,
                             start_options how) const {
  child_options all;
  all.program = std::move(program);
  all.arguments = std::move(arguments);
  all.directory = how.directory.empty() ? path("work") : how.directory;
  all.environment = {{"PATH", std::getenv("PATH")}, {"XDG_RUNTIME_DIR", path("run").string()},
                     {"HOME", path("home").string()},
                     {"CORUNNER_STATE_DIRECTORY", path("state-of-run").string()},
                     {"TMPDIR", temporary().string()}, {"LANG", "C.UTF-8"}, {"TZ", "UTC"},
                     {"GIT_CONFIG_NOSYSTEM", "1"}};
  for (auto const* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"}) {
    if (char const* const value = std::getenv(name)) all.environment[name] = value;
  }
  for (auto& [name, value] : how.environment) all.environment[name] = value;
  return all;
}

child_options world::program(std::vector<std::string> arguments, start_options how) const {
  return options(program_under_test(), std::move(arguments), std::move(how));
}

child world::start(std::vector<std::string> arguments, start_options how) {
  return child(loop, program(std::move(arguments), std::move(how)));
}

child world::start_run(fs::path const& config, std::vector<std::string> more) {
  std::vector<std::string> arguments{"run", "--config", config.string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return start(std::move(arguments));
}

world::finished world::try_run(std::string const& program, std::vector<std::string> arguments,
                               fs::path const& directory) {
  child running(loop, options(program, std::move(arguments), {directory, {}}));
  finished result;
  result.code = running.wait();
  result.out = running.out();
  result.err = running.err();
  return result;
}

std::string world::run(std::string const& program, std::vector<std::string> arguments,
                       fs::path const& directory) {
  auto const result = try_run(program, std::move(arguments), directory);
  INFO(program << ": " << result.out << result.err);
  REQUIRE(result.code == 0);
  return result.out;
}

std::string world::nap() { return fmt::format("93210.{}", ::getpid()); }

fs::path world::make_repository(std::string const& name, std::string const& pipeline) {
  auto const where = path(name);
  write_file(where / ".gitlab-ci.yml", pipeline);
  run("git", {"init", "--quiet"}, where);
  run("git", {"add", "."}, where);
  run("git", {"commit", "--quiet", "-m", "first"}, where);
  return where;
}

fs::path world::configure(runner_setup const& what, std::string const& name) {
  auto const file = path(name);
  write_file(file, fmt::format("concurrent = {}\ncheck_interval = 1\n{}\n"
                               "[[runners]]\n  name = \"system test\"\n  url = \"{}\"\n"
                               "  token = \"{}\"\n  executor = \"shell\"\n  shell = \"bash\"\n"
                               "  builds_dir = \"{}\"\n  cache_dir = \"{}\"\n{}\n",
                               what.concurrent, what.global, what.url, what.token,
                               path("builds").string(), path("cache").string(), what.entry));
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  return file;
}

http_answer world::fetch(std::string const& method, std::string const& url,
                         net::http_fields fields, std::string body) {
  net::http_request request;
  request.method = method;
  request.target = net::parse_url(url).value();
  request.fields = std::move(fields);
  if (!body.empty()) request.body = net::http_body::of(std::move(body));
  return loop.run(send(client_, std::move(request)));
}

}  // namespace corunner::test
