// `status`: whether `run` is at work with a configuration file, and whether what it runs is what the
// file says. cli.md 9; the service manager is not asked, as the process itself knows better.

#include "net/http_client.hpp"
#include "net/url.hpp"
#include "runner/command/commands.hpp"
#include "runner/command/config_access.hpp"
#include "runner/command/status_report.hpp"
#include "runner/command/status_socket.hpp"

#include <cstdio>

namespace corunner {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t largest_answer = 64 * 1024;

class status_command final : public command {
 public:
  explicit status_command(services& all) : all_(all), file_(all) {}

  std::vector<flag> flags() override {
    return {file_.flag(), {"n, service", &service_, "name of the service, for the answer", ""}};
  }

  awaitable<int> run(std::vector<std::string>) override {
    net::http_client client(all_.connections, all_.time, {.user_agent = "corunner status"});
    for (auto const& place : status_places(file_.path(), all_.variables)) {
      auto const report = co_await ask(client, place);
      if (!report) continue;
      auto const text = describe(*report, service_, file_.path());
      std::fwrite(text.data(), 1, text.size(), stdout);
      co_return exit_code_of(*report);
    }
    std::fprintf(stderr, "%s: Service has stopped\n", service_.c_str());
    co_return status_not_running;
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

  services& all_;
  config_access file_;
  std::string service_ = "gitlab-runner";
};

}  // namespace

std::unique_ptr<command> make_status(services& all) { return std::make_unique<status_command>(all); }

}  // namespace corunner
