// What the one who started us is told (systemd), and what a PID 1 owes its container.

#include "test/system/support/files.hpp"
#include "test/system/support/gitlab_program.hpp"
#include "test/system/support/proc.hpp"

#include <boost/asio/local/datagram_protocol.hpp>

#include <csignal>
#include <functional>
#include <thread>

namespace corunner::test {

namespace {

using namespace std::chrono_literals;

bool soon(std::function<bool()> const& holds) {
  auto const end = std::chrono::steady_clock::now() + 30s;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

// The socket of a service manager: all that it was told.
class notices {
 public:
  explicit notices(std::filesystem::path const& place)
      : socket_(io_, asio::local::datagram_protocol::endpoint(place.string())) {
    socket_.non_blocking(true);
  }

  std::string const& text() {
    std::array<char, 4096> buffer;
    boost::system::error_code ec;
    while (auto const got = socket_.receive(asio::buffer(buffer), 0, ec)) {
      text_.append(buffer.data(), got);
    }
    return text_;
  }
  bool soon_has(std::string_view what) {
    return soon([&] { return text().find(what) != std::string::npos; });
  }

 private:
  asio::io_context io_;
  asio::local::datagram_protocol::socket socket_;
  std::string text_;
};

}  // namespace

TEST_CASE("the service manager is told of readiness, life and stop, and jobs cannot speak for us",
          "[system]") {
  world w;
  notices manager(w.path("notify"));
  gitlab_program gitlab(w, {"--repo", w.make_repository("repo", R"yml(
job:
  script: ['echo "socket: ${NOTIFY_SOCKET:-none}, watchdog: ${WATCHDOG_USEC:-none}"']
)yml").string()});
  auto const config = w.configure({.url = gitlab.url(), .token = gitlab.runner_token()});
  auto service = w.start(
      {"run", "--config", config.string()},
      {.directory = {},
       .environment = {{"NOTIFY_SOCKET", w.path("notify").string()}, {"WATCHDOG_USEC", "200000"}}});
  CHECK(manager.soon_has("READY=1\nSTATUS="));
  CHECK(soon([&] { return count_of("WATCHDOG=1\n", manager.text()) > 5; }));
  CHECK(soon([&] { return gitlab.job("job").status == "success"; }));
  CHECK(gitlab.trace(gitlab.job("job").id).find("socket: none, watchdog: none") !=
        std::string::npos);
  CHECK(manager.text().find("STOPPING") == std::string::npos);
  service.signal(SIGQUIT);
  CHECK(service.wait() == 0);
  CHECK(manager.soon_has("STOPPING=1\nSTATUS="));
}

TEST_CASE("a watchdog that is meant for another process is not fed", "[system]") {
  world w;
  notices manager(w.path("notify"));
  auto const config = w.configure({.url = "http://127.0.0.1:9", .token = "glrt-nobody"});
  auto service = w.start({"run", "--config", config.string()},
                         {.directory = {},
                          .environment = {{"NOTIFY_SOCKET", w.path("notify").string()},
                                          {"WATCHDOG_USEC", "20000"},
                                          {"WATCHDOG_PID", "1"}}});
  CHECK(manager.soon_has("READY=1\n"));
  std::this_thread::sleep_for(300ms);
  CHECK(manager.text().find("WATCHDOG") == std::string::npos);
  service.signal(SIGQUIT);
  CHECK(service.wait() == 0);
}

TEST_CASE("as PID 1 it takes what jobs left behind, also while it has nothing to do", "[system]") {
  world w;
  // Leaves the groups, the session and the environment of the job, so it is not the job's any more.
  write_file(w.path("leave"), R"sh(
for groups in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/freezer; do
  if test -w $groups/cgroup.procs; then echo 0 > $groups/cgroup.procs; fi
done
sleep 4 &
exec sleep 2
)sh");
  gitlab_program gitlab(w, {"--repo", w.make_repository("repo", fmt::format(R"yml(
job:
  script:
    - setsid env -i sh {} > /dev/null 2>&1 < /dev/null &
    - sleep 0.5
)yml", w.path("leave").string())).string()});
  auto const config = w.configure({.url = gitlab.url(), .token = gitlab.runner_token()});
  auto how = w.program({"run", "--config", config.string()});
  how.arguments.insert(how.arguments.begin(),
                       {"--pid", "--fork", "--mount-proc", how.program.string()});
  how.program = "/usr/bin/unshare";
  child container(w.loop, std::move(how));
  REQUIRE(soon([&] { return !children_of(container.pid()).empty(); }));
  auto const service = children_of(container.pid()).front();
  REQUIRE(soon([&] { return gitlab.job("job").status == "success"; }));
  CHECK_FALSE(descendants_of(service).empty());
  // A zombie counts: it is a child until it is reaped.
  CHECK(soon([&] { return descendants_of(service).empty(); }));
  ::kill(service, SIGTERM);
  CHECK(container.wait() == 0);
}

}  // namespace corunner::test
