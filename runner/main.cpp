// The composition root: makes the real world (loop, clocks, connections, log) and hands it to the
// command that was asked for. Nothing here may cost time: a command that needs no network makes no
// connection, and no thread starts before its first work.

#include "net/blocking_pool.hpp"
#include "net/sockets.hpp"
#include "net/time_source.hpp"
#include "runner/command/application.hpp"
#include "runner/command/stop_signals.hpp"
#include "runner/observe/log.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#ifdef __GLIBCXX__
// What std::terminate says. Takes the place of the library's own, which brings a demangler of 50
// KB.
void __gnu_cxx::__verbose_terminate_handler() {
  try {
    if (std::current_exception()) throw;
    std::fputs("corunner: ended by an internal error\n", stderr);
  } catch (std::exception const& unexpected) {
    std::fprintf(stderr, "corunner: ended by an internal error: %s\n", unexpected.what());
  } catch (...) {
    std::fputs("corunner: ended by an internal error of unknown kind\n", stderr);
  }
  std::abort();
}
#endif

int main(int argc, char** argv) {
  using namespace corunner;
  block_stop_signals();
  try {
    asio::io_context io(1);
    net::real_time time;
    net::blocking_pool pool;
    net::socket_dialer connections(time);
    log_target log_output(time, standard_error(), standard_error_is_terminal());
    auto const variables = config::process_environment();
    services all{io,
                 time,
                 pool,
                 connections,
                 variables,
                 log_output,
                 logger(log_output),
                 argc > 0 ? std::filesystem::path(argv[0]).filename().string() : "corunner",
                 config::default_file(variables).string()};
    connections.warn = [log = all.log](std::string const& text) { log.error(text); };
    return run_application(all, {argv + (argc > 0 ? 1 : 0), argv + argc});
  } catch (std::exception const& unexpected) {
    std::fprintf(stderr, "corunner: %s\n", unexpected.what());
    return 1;
  }
}
