#include "config/atomic_file.hpp"
#include "config/explain.hpp"
#include "config/reading.hpp"
#include "runner/command/commands.hpp"
#include "runner/command/config_access.hpp"
#include "runner/command/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner {

namespace {

// `config explain [KEY]`: the values that `run` would work with, each with where it came from.
class config_explain_command final : public command {
 public:
  explicit config_explain_command(services& all) : all_(all), file_(all) {}

  std::vector<flag> flags() override {
    return {file_.flag(), {"u, user", &user_, "as given to `run`", ""}};
  }

  awaitable<int> run(std::vector<std::string> arguments) override {
    auto const chosen = config::parse_key(arguments.empty() ? "" : arguments.front());
    if (!chosen) co_return fail(chosen.error().message);
    auto const text = config::read_file(file_.path());
    if (!text) co_return fail(text.error().message);
    config::positions where;
    auto read = config::inspect(text->bytes, all_.variables, &where);
    if (!read) co_return fail(file_.path() + ": " + read.error().message);
    for (config::problem const& each : read->problems) {
      if (each.kind == config::problem_kind::undecodable) co_return fail(each.text);
    }
    config::apply_defaults(read->values);
    auto const facts = config::facts_of(read->values, where, *chosen);
    if (facts.empty()) {
      co_return fail("nothing in '" + file_.path() + "' goes by " + arguments.front());
    }
    print(facts);
    co_return 0;
  }

 private:
  int fail(std::string const& why) {
    all_.log.fatal(why);
    return 1;
  }

  void print(std::vector<config::fact> const& facts) {
    constexpr std::size_t widest = 60;
    std::vector<std::pair<std::string, std::string>> rows;
    std::size_t width = 0;
    for (auto const& each : facts) {
      rows.push_back(row(each));
      if (rows.back().first.size() <= widest) width = std::max(width, rows.back().first.size());
    }
    std::string out;
    if (facts.size() == 1) out += "# " + facts.front().doc + '\n';
    for (auto const& [value, origin] : rows) {
      out += fmt::format("{:<{}}  # {}\n", value, width, origin);
    }
    terminal().write(out);
  }

  // "concurrent = 4" and where that came from.
  std::pair<std::string, std::string> row(config::fact const& what) {
    if (what.path == "user") return {fmt::format("user = \"{}\"", user_), origin_of_user(what)};
    if (what.path == "log_level" && all_.level_given) {
      return {fmt::format("log_level = \"{}\"", name_of(all_.log_output.level())),
              "flag --log-level or --debug, or $LOG_LEVEL, $RUNNER_DEBUG"};
    }
    if (what.path == "log_format" && all_.format_given) {
      return {"log_format = " + what.value, "overruled by flag --log-format or $LOG_FORMAT"};
    }
    return {what.path + " = " + what.value, origin(what)};
  }

  std::string origin_of_user(config::fact const& what) {
    if (!user_.empty()) return "flag --user";
    return what.where.line == 0 ? "default" : "default; " + origin(what) + " has no effect";
  }

  std::string origin(config::fact const& what) const {
    if (what.where.line == 0) return "default";
    auto out = fmt::format("{}:{}:{}", file_.path(), what.where.line, what.where.column);
    for (auto const& name : what.variables) {
      out += fmt::format("{} ${}{}", &name == &what.variables.front() ? ", expanded from" : ",",
                         name, all_.variables(name) ? "" : " (not set)");
    }
    return out;
  }

  services& all_;
  config_access file_;
  std::string user_;
};

}  // namespace

std::unique_ptr<command> make_config_explain(services& all) {
  return std::make_unique<config_explain_command>(all);
}

}  // namespace corunner
