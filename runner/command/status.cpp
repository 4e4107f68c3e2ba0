// `status`: whether `run` is at work with a configuration file, and whether what it runs is what
// the file says. The process itself knows best; where none answers, the init system is asked what
// became of the service. cli.md 9

#include "net/http_client.hpp"
#include "net/url.hpp"
#include "runner/command/commands.hpp"
#include "runner/command/config_access.hpp"
#include "runner/command/service_access.hpp"
#include "runner/command/status_report.hpp"
#include "runner/command/status_socket.hpp"

#include <cstdio>

namespace corunner {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t largest_answer = 64 * 1024;

class status_command final : public command {
 public:
  explicit status_command(services& all) : all_(all), file_(all), service_(all) {}

  std::vector<flag> flags() override {
    auto flags = service_.flags();
    flags.push_back(file_.flag());
    return flags;
  }

  awaitable<int> run(std::vector<std::string>) override {
    net::http_client client(all_.connections, all_.time, {.user_agent = "corunner status"});
    for (auto const& place : status_places(file_.path(), all_.variables)) {
      auto const report = co_await ask(client, place);
      if (!report) continue;
      auto const text = describe(*report, service_.name(), file_.path());
      std::fwrite(text.data(), 1, text.size(), stdout);
      co_return exit_code_of(*report);
    }
    co_return say(co_await service_.control().state(service_.name(), service_.of_user()));
  }

 private:
  static awaitable<std::optional<status_report>> ask(net::http_client& client,
                                                     std::filesystem::path place) {
    net::http_request request;
    request.target = net::parse_url("http://localhost/status").value();
    request.unix_path = std::move(place);
    request.deadlines.connect = 5s;
    request.deadlines.total = 10s;
    request.follow_redirects = false;
    auto answer = co_await client.send(std::move(request));
    if (!answer || answer->status != 200) co_return std::nullopt;
    auto const body = co_await answer->read_all(largest_answer);
    if (!body) co_return std::nullopt;
    co_return parse_status_report(*body);
  }

  // Package scripts look for these words (cli.md 14).
  int say(service_state const& state) const {
    using kind = service_state::kind;
    auto const print = [this](FILE* where, std::string const& text) {
      std::fprintf(where, "%s: %s\n", service_.name().c_str(), text.c_str());
    };
    switch (state.what) {
      case kind::running:
        print(stdout, "Service is running");
        return status_running;
      case kind::stopped:
        print(stderr, "Service has stopped");
        break;
      case kind::failed:
        print(stderr, "service in failed state");
        break;
      case kind::not_installed:
        print(stderr, "the service is not installed");
        break;
      case kind::unknown:
        print(stderr, state.text);
        break;
    }
    return status_not_running;
  }

  services& all_;
  config_access file_;
  service_access service_;
};

}  // namespace

std::unique_ptr<command> make_status(services& all) {
  return std::make_unique<status_command>(all);
}

}  // namespace corunner
