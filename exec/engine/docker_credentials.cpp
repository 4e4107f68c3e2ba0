#include "exec/engine/docker_credentials.hpp"

#include "config/atomic_file.hpp"
#include "exec/process/run_process.hpp"
#include "net/with_timeout.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace corunner::exec {

namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

constexpr auto helper_limit = 60s;
constexpr std::size_t most_output = 64 << 10;
// What all helpers say of a registry they have no login for.
constexpr std::string_view unknown = "credentials not found";
// The user of a login that is an identity token.
constexpr std::string_view token_user = "<token>";

// Keeps the begin of what a helper prints.
class bounded_sink final : public output_sink {
 public:
  awaitable<void> write(channel from, std::string_view bytes) override {
    auto& into = from == channel::out ? out : err;
    auto const room = most_output - into.size();
    cut = cut || bytes.size() > room;
    into += bytes.substr(0, room);
    co_return;
  }

  std::string out;
  std::string err;
  bool cut = false;
};

awaitable<result<run_result>> run_helper(process_launcher& launcher, net::time_source& time,
                                         process_options what, output_sink& output) {
  co_return co_await run_process(launcher, time, std::move(what), output);
}

bool is_program_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

std::string first_line(std::string_view text) {
  auto const begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  text = text.substr(begin);
  return std::string(text.substr(0, std::min<std::size_t>(text.find_first_of("\r\n"), 200)));
}

}  // namespace

std::filesystem::path docker_config_file(config::environment const& variables) {
  auto const directory = variables("DOCKER_CONFIG").value_or("");
  auto const base = directory.empty()
                        ? std::filesystem::path(variables("HOME").value_or("")) / ".docker"
                        : std::filesystem::path(directory);
  return base / "config.json";
}

docker_credentials::docker_credentials(process_launcher& launcher, net::time_source& time,
                                       config::environment const& variables)
    : launcher_(launcher), time_(time), file_(docker_config_file(variables)) {}

config::outcome<docker_config> docker_credentials::read() const {
  auto const text = config::read_file(file_);
  if (!text) return text.error();
  auto parsed = docker_config::parse(text->bytes);
  if (!parsed) {
    return config::failure{fmt::format("'{}' {}", file_.string(), parsed.error().message)};
  }
  return parsed;
}

awaitable<docker_credentials::helped> docker_credentials::ask(std::string helper, std::string verb,
                                                              std::string input) {
  helped out;
  if (!is_program_name(helper)) {
    out.failure = fmt::format("'{}' names no helper for credentials: '{}'", file_.string(), helper);
    co_return out;
  }
  auto const program = "docker-credential-" + helper;
  process_options what;
  what.arguments = {program, verb};
  what.input = std::move(input);
  bounded_sink printed;
  auto ended = co_await net::with_timeout(time_, helper_limit,
                                          run_helper(launcher_, time_, std::move(what), printed));
  auto const fail = [&](std::string_view why) {
    out.failure = fmt::format("{} {}: {}", program, verb, why);
  };
  if (!ended) {
    fail(ended.error() == asio::error::timed_out ? "no answer for a minute"
                                                 : ended.error().message());
  } else if (ended->how != run_result::kind::ended) {
    fail(ended->message);
  } else if (!ended->status.ok()) {
    auto const said = first_line(printed.out.empty() ? printed.err : printed.out);
    out.missing = said.starts_with(unknown);
    fail(said.empty() ? describe(ended->status) : said);
  } else if (printed.cut) {
    fail("its answer is too long");
  }
  out.output = std::move(printed.out);
  co_return out;
}

awaitable<config::outcome<std::optional<registry_login>>> docker_credentials::find(
    std::string registry) {
  using found = config::outcome<std::optional<registry_login>>;
  auto const known = read();
  if (!known) co_return known.error();
  auto const helper = known->helper(registry);
  if (helper.empty()) co_return found(known->login(registry));
  auto const answer = co_await ask(helper, "get", registry_key(registry) + '\n');
  if (answer.missing) co_return found(known->login(registry));
  if (!answer.failure.empty()) co_return config::failure{answer.failure};
  error_code broken;
  auto const tree = json::parse(answer.output, broken);
  auto const* const members = broken ? nullptr : tree.if_object();
  auto const text = [&](std::string_view key) {
    auto const* const value = members ? members->if_contains(key) : nullptr;
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
  };
  registry_login login{text("Username"), secret(text("Secret")), {}};
  if (login.user.empty()) {
    co_return config::failure{
        fmt::format("docker-credential-{} get: no login in its answer", helper)};
  }
  if (login.user == token_user) login = {"", {}, login.password};
  co_return found(std::move(login));
}

awaitable<std::string> docker_credentials::store(std::string registry, registry_login login) {
  auto known = read();
  if (!known) co_return known.error().message;
  auto const helper = known->helper(registry);
  if (helper.empty()) {
    known->put(registry, login);
  } else {
    auto const stored =
        co_await ask(helper, "store",
                     json::serialize(json::object{{"ServerURL", registry_key(registry)},
                                                  {"Username", login.user},
                                                  {"Secret", login.password.reveal()}}));
    if (!stored.failure.empty()) co_return stored.failure;
    known->put_name(registry);
  }
  if (auto const why = config::make_directory(file_.parent_path())) co_return why->message;
  if (auto const why = config::replace_file(file_, known->text())) co_return why->message;
  co_return "";
}

}  // namespace corunner::exec
