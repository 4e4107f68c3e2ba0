#include "config/atomic_file.hpp"
#include "config/reading.hpp"
#include "runner/command/commands.hpp"
#include "runner/command/config_access.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace corunner {

namespace {

// "runners[0].token" as the JSON pointer "/runners/0/token".
std::string pointer(std::string_view path) {
  std::string out = "/";
  for (char const c : path) {
    if (c != ']') out += c == '.' || c == '[' ? '/' : c;
  }
  return out;
}

std::string line_of(config::position where) {
  return where.line == 0 ? "" : fmt::format("line {}, column {}", where.line, where.column);
}

// Prints all that is wrong with a file, in the order and the words of GitLab Runner's lint, which
// stops at the first kind (config.md 8).
class lint_command final : public command {
 public:
  explicit lint_command(services& all) : all_(all), file_(all) {}

  std::vector<flag> flags() override {
    return {file_.flag(), {"strict", &strict_, "refuse values without use, too", ""}};
  }

  awaitable<int> run(std::vector<std::string>) override {
    if (!check()) co_return 1;
    all_.log.info("Configuration file is valid.");
    co_return 0;
  }

 private:
  using problem_kind = config::problem_kind;

  bool fail(std::string const& why) {
    all_.log.fatal(why);
    return false;
  }

  bool check() {
    std::error_code ec;
    if (!std::filesystem::exists(file_.path(), ec)) {
      return fail(ec ? fmt::format("accessing config file: stat {}: {}", file_.path(), ec.message())
                     : "config file not found: " + file_.path());
    }
    constexpr std::string_view decoding = "decoding config: decoding configuration file: ";
    auto const text = config::read_file(file_.path());
    if (!text) return fail(std::string(decoding) + text.error().message);
    config::positions where;
    auto const read = config::inspect(text->bytes, all_.variables, &where);
    if (!read) return fail(std::string(decoding) + read.error().message);
    return tell(*read);
  }

  bool tell(config::reading const& read) {
    std::vector<std::string> schema;
    std::vector<std::string> unknown;
    bool fine = true;
    bool const strict = strict_ || read.values.strict;
    for (config::problem const& each : read.problems) {
      switch (each.kind) {
        case problem_kind::undecodable:
          fine = fail("decoding config: decoding configuration file: " + each.text);
          break;
        case problem_kind::unloadable: fine = fail("decoding config: " + each.text); break;
        case problem_kind::invalid:
          fine = fail("decoding config: invalid config: " + each.text);
          break;
        case problem_kind::against_schema: schema.push_back(schema_line(each)); break;
        case problem_kind::unknown: unknown.push_back(unknown_line(each)); break;
        case problem_kind::useless: break;  // below, behind the lists
      }
    }
    if (!schema.empty()) {
      fine = fail(fmt::format("config schema validation failed:\n{}", fmt::join(schema, "\n")));
    }
    if (!unknown.empty()) {
      fine = fail(fmt::format("{} unknown key(s) found in {}:\n{}", unknown.size(), file_.path(),
                              fmt::join(unknown, "\n")));
    }
    for (config::problem const& each : read.problems) {
      if (each.kind != problem_kind::useless) continue;
      auto const line = config::describe(each, file_.path());
      if (strict) {
        fine = fail(line);
      } else {
        all_.log.warning(line);
      }
    }
    return fine;
  }

  static std::string schema_line(config::problem const& what) {
    return fmt::format("- at '{}': {} ({})", pointer(what.path), what.schema, line_of(what.where));
  }

  static std::string unknown_line(config::problem const& what) {
    return fmt::format("  unknown key: {} ({}){}{}", what.key, line_of(what.where),
                       what.text.empty() ? "" : ", ", what.text);
  }

  services& all_;
  config_access file_;
  bool strict_ = false;
};

}  // namespace

std::unique_ptr<command> make_lint(services& all) { return std::make_unique<lint_command>(all); }

}  // namespace corunner
