#include "runner/command/runners/runners_command.hpp"

#include "runner/command/gitlab_access.hpp"
#include "runner/command/management_client.hpp"
#include "runner/command/runners/answer_view.hpp"
#include "runner/command/runners/given.hpp"
#include "runner/command/token_input.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <list>
#include <vector>

namespace corunner {

namespace {

namespace json = boost::json;

constexpr std::int64_t largest_page = 100;  // of GitLab

json::value parsed(std::string_view text) {
  error_code broken;
  auto value = json::parse({text.data(), text.size()}, broken);
  return broken ? json::value() : value;
}

class runners_command final : public command {
 public:
  runners_command(services& all, operation const& what)
      : all_(all), what_(what), input_(all.io.get_executor(), true) {}

  std::vector<flag> flags() override;
  awaitable<int> run(std::vector<std::string> arguments) override;

 private:
  // Ends the command: told already.
  using code = runners_exit;

  void add_aims(std::vector<flag>& flags);
  flag flag_of(parameter const& what);
  awaitable<code> prepare(std::vector<std::string> arguments);
  awaitable<code> confirm();
  awaitable<code> describe_runners(std::vector<std::string>& shown);
  awaitable<code> perform(gitlab::management_call call, std::size_t at);
  awaitable<code> list(gitlab::management_call call);
  code show(gitlab::management_answer const& answer, std::size_t at);
  void print_list(std::vector<std::string> const& texts, bool more);
  std::string name_of_runner(json::value const& answer, std::size_t at) const;
  std::string name_of_aim() const;

  code fail(std::string const& why) {
    all_.log.fatal(why);
    return code::refused;
  }
  code refuse(gitlab::refusal const& why);
  code refuse(gitlab::management_answer const& answer) {
    return refuse(client_->refusal_of(answer, by_token()));
  }
  bool by_token() const { return way_->about == aim::token; }

  services& all_;
  operation const& what_;
  questions input_;
  terminal screen_;
  given given_;
  access_options access_;
  std::string token_file_;
  std::int64_t limit_ = 0;
  bool json_ = false;
  bool yes_ = false;
  bool switch_ = false;  // what switches with a function of their own point at
  std::list<std::vector<std::string_view>> choices_;  // those of flags that take one of a few
  route const* way_ = nullptr;
  std::unique_ptr<management_client> client_;
};

// --- flags ---

void runners_command::add_aims(std::vector<flag>& flags) {
  if (what_.has(aim::all)) {
    flags.push_back({"all", &given_.all, "every runner of the instance (administrators)", ""});
  }
  if (what_.has(aim::instance)) {
    flags.push_back({"instance", &given_.instance, "of the whole instance (administrators)", ""});
  }
  if (what_.has(aim::project)) {
    flags.push_back({"project", &given_.project, "of this project: number or full path", ""});
  }
  if (what_.has(aim::group)) {
    flags.push_back({"group", &given_.group, "of this group: number or full path", ""});
  }
  if (what_.has(aim::token)) {
    flags.push_back(
        {"token-file", &token_file_, "file with the runner's token, or - for standard input", ""});
  }
}

flag runners_command::flag_of(parameter const& what) {
  flag made{std::string(what.flag), {}, what.doc, ""};
  if (what.takes == shape::boolean) made.target = &switch_;
  made.take = [this, &what](std::string_view text) { return take_value(given_, what, text); };
  auto& choices = choices_.emplace_back();
  for (auto rest = what.choices; !rest.empty();
       rest.remove_prefix(std::min(rest.size(), choices.back().size() + 1))) {
    choices.push_back(rest.substr(0, rest.find('|')));
  }
  made.choices = choices;
  return made;
}

std::vector<flag> runners_command::flags() {
  std::vector<flag> flags;
  add_aims(flags);
  for (parameter const& each : what_.parameters) flags.push_back(flag_of(each));
  if (what_.lists) flags.push_back({"limit", &limit_, "show at most so many; 0: all", ""});
  if (!what_.question.empty()) {
    flags.push_back({"y, yes", &yes_, "do not ask whether that is meant", ""});
  }
  flags.push_back({"json", &json_, "print what the server sends, as it is", ""});
  for (flag& each : access_.flags()) flags.push_back(std::move(each));
  return flags;
}

// --- before the calls ---

awaitable<runners_exit> runners_command::prepare(std::vector<std::string> arguments) {
  auto numbers = runner_numbers(arguments);
  if (!numbers) co_return fail(numbers.error().message);
  given_.runners = *std::move(numbers);
  if (token_file_ == "-" && access_.token_file == "-") {
    co_return fail("standard input can give one token only");
  }
  if (!token_file_.empty()) {
    auto token = co_await read_token(token_file_, input_);
    if (!token) co_return fail(token.error().message);
    given_.runner_token = *std::move(token);
  }
  auto const way = choose_route(what_, given_);
  if (!way) co_return fail(way.error().message);
  way_ = *way;
  auto access = co_await find_access(all_, access_, input_);
  if (!access) co_return fail(access.error().message);
  client_ = std::make_unique<management_client>(all_, *std::move(access));
  if (!by_token() && !client_->has_token()) co_return fail(no_access_token(all_, client_->url()));
  auto const path = number_lookup(*way_, given_);  // a full path where the API takes a number
  if (path.empty()) co_return code::done;
  auto const found = co_await client_->number_at(path);
  if (found.number == 0) co_return refuse(found.why);
  put_number(*way_, given_, found.number);
  co_return code::done;
}

// What would be lost, so that a wrong number shows.
awaitable<runners_exit> runners_command::describe_runners(std::vector<std::string>& shown) {
  for (auto const id : given_.runners) {
    gitlab::management_call call;
    call.path = fmt::format("runners/{}", id);
    call.query = "include_projects=false";
    auto const answer = co_await client_->call(std::move(call));
    auto const tree = answer.ok() ? parsed(answer.body) : json::value();
    if (!tree.is_object()) co_return refuse(answer);
    shown.push_back(runner_in_short(tree.get_object()));
  }
  co_return code::done;
}

awaitable<runners_exit> runners_command::confirm() {
  if (what_.question.empty() || yes_) co_return code::done;
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDERR_FILENO) != 1) {
    co_return fail("nobody can be asked here whether that is meant: give --yes");
  }
  std::vector<std::string> shown;
  if (auto const end = co_await describe_runners(shown); end != code::done) co_return end;
  auto const about = shown.empty() ? name_of_aim()
                                   : fmt::format("{} {}", shown.size() == 1 ? "runner" : "runners",
                                                 fmt::join(shown, ", "));
  std::string answer;
  try {
    answer = co_await input_.ask(
        fmt::format("{} {} at {}? [y/N]", what_.question, about, client_->url()), "yes", "",
        need::optional);
  } catch (no_answer const&) {
  }
  if (answer == "y" || answer == "Y" || answer == "yes") co_return code::done;
  co_return fail("not confirmed: nothing was done");
}

std::string runners_command::name_of_aim() const {
  switch (way_->about) {
    case aim::token: return "the runner of the token";
    case aim::project: return "project " + given_.project;
    case aim::group: return "group " + given_.group;
    default: return "the instance";
  }
}

// --- the calls ---

runners_exit runners_command::refuse(gitlab::refusal const& why) {
  all_.log.fatal(why.text);
  switch (why.what) {
    case gitlab::refusal::kind::not_allowed: return code::not_allowed;
    case gitlab::refusal::kind::not_found: return code::not_found;
    case gitlab::refusal::kind::unavailable: return code::unavailable;
    case gitlab::refusal::kind::refused: break;
  }
  return code::refused;
}

// Follows the pages, as far as they are wanted.
awaitable<runners_exit> runners_command::list(gitlab::management_call call) {
  auto const asks_for = [&](std::string_view name) {
    return std::ranges::any_of(given_.values,
                               [&](auto const& each) { return each.first->field == name; });
  };
  bool const paged = std::ranges::any_of(what_.parameters,
                                         [](auto const& each) { return each.field == "per_page"; });
  if (paged && !asks_for("per_page")) {
    auto const size = limit_ > 0 ? std::min(limit_, largest_page) : largest_page;
    call.query = gitlab::with_parameter(call.query, "per_page", std::to_string(size));
  }
  std::vector<std::string> texts;
  auto const wanted = limit_ > 0 ? static_cast<std::size_t>(limit_) : std::string::npos;
  for (;;) {
    auto const answer = co_await client_->call(call);
    auto const elements = answer.ok() ? gitlab::elements_of(answer.body) : std::nullopt;
    if (!elements) co_return refuse(answer);
    auto const taken = std::min(elements->size(), wanted - texts.size());
    texts.insert(texts.end(), elements->begin(),
                 elements->begin() + static_cast<std::ptrdiff_t>(taken));
    bool const more = taken < elements->size() || !answer.next_query.empty();
    bool const enough =
        texts.size() == wanted || asks_for("page") || answer.next_query == call.query;
    if (!more || enough) {
      print_list(texts, more);
      co_return code::done;
    }
    call.query = answer.next_query;
  }
}

void runners_command::print_list(std::vector<std::string> const& texts, bool more) {
  if (json_) {
    screen_.write(texts.empty() ? std::string("[]\n")
                                : fmt::format("[\n{}\n]\n", fmt::join(texts, ",\n")));
  } else {
    std::vector<json::value> items;
    for (auto const& each : texts) items.push_back(parsed(each));
    screen_.write(list_text(what_.shows, items, screen_, terminal::width()));
    if (texts.empty()) write_standard_error("none found\n");
  }
  if (more) write_standard_error(fmt::format("{} shown, there are more\n", texts.size()));
}

std::string runners_command::name_of_runner(json::value const& answer, std::size_t at) const {
  if (at < given_.runners.size()) return std::to_string(given_.runners[at]);
  auto const* const members = answer.if_object();
  auto const* const id = members ? members->if_contains("id") : nullptr;
  return id && id->is_int64() ? std::to_string(id->get_int64()) : "of the token";
}

runners_exit runners_command::show(gitlab::management_answer const& answer, std::size_t at) {
  auto const tree = parsed(answer.body);
  auto const* const members = tree.if_object();
  bool const needs_object = what_.shows == view::runner || what_.shows == view::token;
  if (!answer.ok() || (needs_object && !members)) return refuse(answer);
  if (json_) {
    if (!answer.body.empty()) screen_.write(answer.body + '\n');
    return code::done;
  }
  auto const said = fmt::format(fmt::runtime(what_.said), name_of_runner(tree, at));
  switch (what_.shows) {
    case view::runner:
      if (at > 0) screen_.write("\n");
      screen_.write(runner_text(*members, screen_, terminal::width()));
      break;
    case view::verified:
      screen_.write((members ? verified_text(*members) : "the token is valid") + '\n');
      break;
    case view::token: {
      auto const* const token = members->if_contains("token");
      if (!token || !token->is_string()) return refuse(answer);
      // Alone on standard output, for $(...).
      write_standard_error(said + '\n');
      screen_.write(std::string(token->get_string()) + '\n');
      break;
    }
    default: screen_.write(said + '\n');
  }
  return code::done;
}

awaitable<runners_exit> runners_command::perform(gitlab::management_call call, std::size_t at) {
  if (what_.lists) co_return co_await list(std::move(call));
  auto const answer = co_await client_->call(std::move(call), by_token());
  co_return show(answer, at);
}

awaitable<int> runners_command::run(std::vector<std::string> arguments) {
  auto end = co_await prepare(std::move(arguments));
  if (end == code::done) end = co_await confirm();
  if (end != code::done) co_return static_cast<int>(end);
  // Of several runners each is tried; the first failure is the result.
  auto calls = plan_calls(what_, *way_, given_);
  for (std::size_t at = 0; at < calls.size(); ++at) {
    auto const one = co_await perform(std::move(calls[at]), at);
    if (end == code::done) end = one;
  }
  co_return static_cast<int>(end);
}

}  // namespace

std::unique_ptr<command> make_runners_command(services& all, operation const& what) {
  return std::make_unique<runners_command>(all, what);
}

}  // namespace corunner
