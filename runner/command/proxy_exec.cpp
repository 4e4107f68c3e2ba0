#include "runner/helper/proxy_exec.hpp"

#include "exec/process/posix_launcher.hpp"
#include "exec/process/strays.hpp"
#include "net/task_group.hpp"
#include "runner/command/commands.hpp"
#include "runner/command/stop_signals.hpp"
#include "runner/helper/install_program.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/signal_set.hpp>

#include <unistd.h>

#include <csignal>
#include <exception>
#include <utility>

namespace corunner {
namespace {

constexpr std::string_view temporary_directory_variable = "RUNNER_TEMP_PROJECT_DIR";

// The first process of a container is the only one that is told to stop.
awaitable<void> pass_on_signals() {
  asio::signal_set signals(co_await asio::this_coro::executor, SIGINT, SIGTERM, SIGQUIT);
  signals.add(SIGHUP);
  open_stop_signals();
  while (true) {
    auto const [ec, signal] = co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
    if (ec) co_return;
    for (int const pid : exec::children_of_ours()) ::kill(pid, signal);
  }
}

// Runs what a script or a container would run without it (shells.md 12, helper.md 11).
class proxy_exec_command final : public command {
 public:
  explicit proxy_exec_command(services& all) : all_(all) {}

  std::vector<flag> flags() override {
    return {
        {"bootstrap", &bootstrap_, "Put a copy of this program into the temporary directory first",
         ""},
        {"temp-dir", &directory_,
         "Temporary directory of the job, unless RUNNER_TEMP_PROJECT_DIR names it", ""},
    };
  }

  awaitable<int> run(std::vector<std::string> arguments) override {
    if (arguments.empty()) {
      all_.log.fatal(all_.program + " exec expected args");
      co_return 1;
    }
    if (auto const named = all_.variables(temporary_directory_variable); named && !named->empty()) {
      directory_ = *named;
    }
    if (bootstrap_) install();
    exec::posix_launcher processes(all_.io.get_executor(), all_.time);
    net::task_group duties(all_.io.get_executor());
    duties.spawn(processes.reap_adopted());
    if (::getpid() == 1) duties.spawn(pass_on_signals());
    proxy_exec_options how{std::move(arguments), directory_, bootstrap_};
    // The duties end whatever happens.
    int code = 1;
    std::exception_ptr failure;
    try {
      code = co_await proxy_exec(processes, all_.time, all_.log, std::move(how));
    } catch (...) {
      failure = std::current_exception();
    }
    duties.cancel();
    co_await duties.join();
    if (failure) std::rethrow_exception(failure);
    co_return code;
  }

 private:
  // The command runs without its copy, too: another container will tell that it is missing.
  void install() {
    auto const to = std::filesystem::path(directory_) / "gitlab-runner-helper";
    if (error_code const failed = install_program(to, 0777, 0777)) {
      all_.log.error("cannot make " + to.string() + ": " + failed.message());
    }
  }

  services& all_;
  bool bootstrap_ = false;
  std::string directory_;
};

}  // namespace

std::unique_ptr<command> make_proxy_exec(services& all) {
  return std::make_unique<proxy_exec_command>(all);
}

}  // namespace corunner
