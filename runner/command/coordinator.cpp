// `coordinator`: the embedded GitLab alone, for other runners and for tests. With --repo it runs
// that repository's pipeline on whatever runner comes; with --load it hands out jobs from memory.

#include "exec/process/posix_launcher.hpp"
#include "net/http_server.hpp"
#include "net/sockets.hpp"
#include "runner/command/commands.hpp"
#include "runner/command/job_table.hpp"
#include "runner/command/local_plan.hpp"
#include "runner/command/local_view.hpp"
#include "runner/command/stop_signals.hpp"
#include "runner/command/temporary_directory.hpp"
#include "runner/command/terminal.hpp"
#include "runner/coordinator/load_mode.hpp"
#include "runner/coordinator/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <charconv>
#include <csignal>

namespace corunner {

namespace {

constexpr int pipeline_failed = 1;
constexpr int cannot = 2;
constexpr int interrupted = 130;

struct address {
  std::string host;
  std::uint16_t port = 0;
};

std::optional<address> parse_address(std::string const& text) {
  auto const colon = text.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  address found{.host = text.substr(0, colon)};
  auto const end = text.data() + text.size();
  auto const [rest, ec] = std::from_chars(text.data() + colon + 1, end, found.port);
  if (ec != std::errc() || rest != end) return std::nullopt;
  if (found.host.starts_with('[') && found.host.ends_with(']')) {
    found.host = found.host.substr(1, found.host.size() - 2);
  }
  if (found.host.empty()) found.host = "0.0.0.0";
  return found;
}

class coordinator_command final : public command {
 public:
  explicit coordinator_command(services& all)
      : all_(all), launcher_(all.io.get_executor(), all.time) {}

  std::vector<flag> flags() override {
    return {
        {"listen", &listen_, "host:port to listen on; port 0 takes a free one", ""},
        {"advertise-url", &advertised_, "how runners reach it, when not by the address above", ""},
        {"state-dir", &state_dir_, "where everything is kept; a temporary directory when not given",
         ""},
        {"C, repo", &repository_, "run the pipeline of this repository", ""},
        {"f, file", &file_, "the configuration in it", ""},
        {"variable", &variables_, "KEY=VALUE, a variable of the pipeline; may be repeated", ""},
        {"committed", &committed_, "HEAD as it is, without uncommitted and untracked files", ""},
        {"once", &once_, "end with the pipeline, with its result", ""},
        {"long-poll", &long_poll_, "seconds that a job request is held; 0: never", ""},
        {"accept-within", &accept_within_, "seconds that a runner has to take up its job", ""},
        {"faults", &faults_,
         "POST /api/v4/_test/... orders wrong answers, users, settings: for tests", ""},
        {"load", &load_, "hand out this many generated jobs from memory, then end", ""},
        {"load-script", &load_script_, "a line of their script; may be repeated", ""},
        {"load-masked", &load_masked_, "a value that is masked in their logs; may be repeated", ""},
    };
  }

  awaitable<int> run(std::vector<std::string>) override {
    auto const at = parse_address(listen_);
    if (!at) co_return complain(fmt::format("bad --listen '{}', expected HOST:PORT\n", listen_));
    if (accept_within_ < 1) co_return complain("--accept-within takes 1 or more\n");
    if (long_poll_ < 0 || load_ < 0) co_return complain("--long-poll and --load take 0 or more\n");
    open_stop_signals();
    co_return load_ > 0 ? co_await serve_load(*at) : co_await serve(*at);
  }

 private:
  int complain(std::string_view text) const {
    write_standard_error(text);
    return cannot;
  }

  void introduce(std::string const& url, std::string const& how) const {
    screen_.write(fmt::format("coordinator: {}\n{}", url, how));
  }

  // --- jobs from memory ---

  awaitable<int> serve_load(address at) {
    auto made = net::listen_tcp(all_.io.get_executor(), at.host, at.port);
    if (!made) {
      co_return complain("cannot listen on " + listen_ + ": " + made.error().message() + "\n");
    }
    coordinator::load_options options;
    options.jobs = static_cast<std::uint64_t>(load_);
    if (!load_script_.empty()) options.script = load_script_;
    options.masked = load_masked_;
    options.long_poll = std::chrono::seconds(long_poll_);
    coordinator::load_mode load(all_.io.get_executor(), all_.time, std::move(options));
    net::http_server server(all_.io.get_executor(), all_.time,
                            [&load](net::http_exchange& one) { return load.handle(one); });
    net::task_group services(all_.io.get_executor());
    services.spawn(server.serve(**made));
    introduce("http://" + (*made)->address(), "any runner token is good\n");

    bool const ended = co_await until_signal_or(load.all_ended());
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    load.stop();
    server.stop();
    (*made)->close();
    co_await server.drain(std::chrono::seconds(5));
    co_await services.join();
    print_counts(load.counts());
    auto const& counts = load.counts();
    if (!ended) co_return interrupted;
    co_return counts.failed + counts.bad_traces == 0 ? 0 : pipeline_failed;
  }

  void print_counts(coordinator::load_counts const& counts) const {
    auto const seconds = [](std::chrono::nanoseconds span) {
      return std::chrono::duration<double>(span).count();
    };
    screen_.write(fmt::format(
        "jobs {} succeeded {} failed {} bad_traces {} requests {} trace_bytes {} "
        "longest_silence {:.3f} longest_poll_gap {:.3f} seconds {:.3f}\n",
        counts.handed_out, counts.succeeded, counts.failed, counts.bad_traces, counts.requests,
        counts.trace_bytes, seconds(counts.longest_silence), seconds(counts.longest_poll_gap),
        seconds(counts.first_request_to_last_end)));
  }

  // --- the real thing ---

  awaitable<int> serve(address at) {
    std::optional<temporary_directory> temporary;
    coordinator::server_options options;
    options.state_dir = state_dir_;
    if (state_dir_.empty()) {
      temporary.emplace("corunner-coordinator-");
      if (temporary->path().empty()) co_return complain(temporary->failure() + "\n");
      options.state_dir = temporary->path();
    }
    auto const state = options.state_dir;
    options.bind_host = at.host;
    options.bind_port = at.port;
    options.advertised_url = advertised_;
    options.long_poll = std::chrono::seconds(long_poll_);
    options.acknowledge_time = std::chrono::seconds(accept_within_);
    options.test_endpoints = faults_;
    coordinator::server server(all_.io.get_executor(), all_.time, all_.pool,
                               launcher_, std::move(options));
    if (auto const failure = server.open()) co_return complain(*failure + "\n");
    net::task_group services(all_.io.get_executor());
    services.spawn(server.run());
    auto how = how_to_register(server);
    // Runners come by the advertised address, which says nothing of the port that was free.
    auto const own = "http://" + server.address();
    if (own != server.url()) how = "listening on " + own + "\n" + how;
    introduce(server.url(), how);

    int const code = repository_.empty() ? co_await wait_for_signal()
                                         : co_await run_repository(server, state);
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    server.stop();
    co_await services.join();
    co_return code;
  }

  std::string how_to_register(coordinator::server& server) const {
    auto const who = server.add_runner({.description = "printed at start"});
    auto text = fmt::format(
        "register a runner:\n  {} register --non-interactive --url {} --token {} --executor shell\n",
        all_.program, server.url(), who.token);
    if (!server.administrator_token().empty()) {
      text += fmt::format("administrator token: {}\n", server.administrator_token());
    }
    return text;
  }

  awaitable<int> wait_for_signal() {
    co_await next_signal();
    co_return 0;
  }

  awaitable<int> run_repository(coordinator::server& server, std::filesystem::path const& state) {
    local_source from;
    from.repository = repository_;
    from.file = file_;
    from.committed_only = committed_;
    from.variables = variables_;
    from.git_dir = state / "snapshot.git";
    auto made = co_await make_local_plan(coordinator::git(launcher_, all_.time), std::move(from));
    write_standard_error(made.warnings);
    if (!made.failure.empty()) co_return complain(made.failure);
    if (!made.note.empty()) {
      write_standard_error(made.note + "\n");
      co_return 0;
    }
    auto const project = server.add_project({.path = made.from->project_path,
                                             .repository = repository_,
                                             .default_branch = made.from->default_branch});
    made.plan.source.server.url = server.url();
    made.plan.source.local = false;
    local_view::options how;
    for (auto const& job : made.plan.jobs) how.names.push_back(job.name);
    local_view view(all_.io.get_executor(), screen_, std::move(how));
    server.watch(view);
    auto const began = all_.time.now();
    auto const pipeline = co_await server.start_pipeline(project, made.plan, *made.from);
    int code = cannot;
    if (pipeline.failure.empty()) {
      bool const ended = co_await until_signal_or(view.ended().wait());
      auto const end = server.find_pipeline(pipeline.id);
      auto const took =
          std::chrono::duration_cast<std::chrono::milliseconds>(all_.time.now() - began);
      screen_.write("\n" + result_table(server.jobs(pipeline.id), *end, took, screen_));
      code = !ended ? interrupted : end->status == "failed" ? pipeline_failed : 0;
      if (ended && !once_) code = co_await wait_for_signal();
    } else {
      complain("cannot start the pipeline: " + pipeline.failure + "\n");
    }
    server.unwatch(view);
    co_return code;
  }

  // --- waiting ---

  awaitable<error_code> next_signal() {
    asio::signal_set signals(all_.io, SIGINT, SIGTERM, SIGQUIT);
    signals.add(SIGHUP);
    auto [ec, signal] = co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return ec;
  }

  // True when `event` came, false when a signal did.
  awaitable<bool> until_signal_or(awaitable<error_code> event) {
    using namespace asio::experimental::awaitable_operators;
    auto const first = co_await (std::move(event) || next_signal());
    co_return first.index() == 0 && !std::get<0>(first);
  }

  services& all_;
  exec::posix_launcher launcher_;
  terminal screen_;
  std::string listen_ = "127.0.0.1:0";
  std::string advertised_;
  std::string state_dir_;
  std::string repository_;
  std::string file_ = ".gitlab-ci.yml";
  std::vector<std::string> variables_;
  bool committed_ = false;
  bool once_ = false;
  std::int64_t long_poll_ = 50;
  std::int64_t accept_within_ = 120;
  bool faults_ = false;
  std::int64_t load_ = 0;
  std::vector<std::string> load_script_;
  std::vector<std::string> load_masked_;
};

}  // namespace

std::unique_ptr<command> make_coordinator(services& all) {
  return std::make_unique<coordinator_command>(all);
}

}  // namespace corunner
