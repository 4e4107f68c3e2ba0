#pragma once

#include "net/http_client.hpp"
#include "net/sockets.hpp"
#include "test/net/temporary_directory.hpp"
#include "test/system/support/child.hpp"
#include "test/system/support/event_loop.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace corunner::test {

struct start_options {
  std::filesystem::path directory;                 // empty: the world's work directory
  std::map<std::string, std::string> environment;  // on top of the world's
};

// One [[runners]] entry and what stands around it.
struct runner_setup {
  std::string url;
  std::string token;
  int concurrent = 1;
  std::string global;  // more lines before [[runners]]
  std::string entry;   // more lines in it
};

struct http_answer {
  int status = 0;  // 0: no answer
  std::string body;
};

// A directory with a home, a work directory and a temporary one, and the program in it.
class world {
 public:
  world();

  event_loop loop;
  std::filesystem::path path(std::string const& name) const { return directory_.path() / name; }
  std::filesystem::path temporary() const { return path("tmp"); }

  // `corunner ARGUMENTS...`: the program under test.
  child start(std::vector<std::string> arguments, start_options how = {});
  // The same, to be started later.
  child_options program(std::vector<std::string> arguments, start_options how = {}) const;
  // `corunner run` (with `more`, such as --once) of the configuration file.
  child start_run(std::filesystem::path const& config, std::vector<std::string> more = {});

  // Another program to its end: what it printed. The test fails when it does.
  std::string run(std::string const& program, std::vector<std::string> arguments,
                  std::filesystem::path const& directory = {});
  // The same when it may fail: exit code, output and errors.
  struct finished {
    int code = 0;
    std::string out;
    std::string err;
  };
  finished try_run(std::string const& program, std::vector<std::string> arguments,
                   std::filesystem::path const& directory = {});

  // For `sleep "$NAP"` in jobs: longer than any test, and no other test's, also not in another run.
  static std::string nap();

  // A git repository with one commit that has this .gitlab-ci.yml; its directory.
  std::filesystem::path make_repository(std::string const& name, std::string const& pipeline);
  // Writes config.toml, mode 0600; its path.
  std::filesystem::path configure(runner_setup const& what,
                                  std::string const& name = "config.toml");

  http_answer fetch(std::string const& method, std::string const& url, net::http_fields fields = {},
                    std::string body = {});

 private:
  child_options options(std::filesystem::path program, std::vector<std::string> arguments,
                        start_options how) const;

  temporary_directory directory_;
  net::socket_dialer dialer_{loop.time};
  net::http_client client_{dialer_, loop.time, {.user_agent = "system tests"}};
};

// Built with address sanitizer, as the program is then: its memory says nothing.
constexpr bool sanitized() {
#if defined(__SANITIZE_ADDRESS__)
  return true;
#elif defined(__has_feature)
  return __has_feature(address_sanitizer);
#else
  return false;
#endif
}

}  // namespace corunner::test
