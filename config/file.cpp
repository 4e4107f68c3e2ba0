#include "config/file.hpp"

#include "config/atomic_file.hpp"
#include "config/reading.hpp"

#include <fmt/format.h>

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

namespace corunner::config {

environment process_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    char const* const value = std::getenv(std::string(name).c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
  };
}

std::filesystem::path default_directory(environment const& variables) {
  if (::getuid() == 0) return "/etc/gitlab-runner";
  auto home = variables("HOME").value_or("");
  if (home.empty()) {
    passwd const* const entry = ::getpwuid(::getuid());
    if (entry && entry->pw_dir) home = entry->pw_dir;
  }
  std::error_code ec;
  if (home.empty()) return std::filesystem::current_path(ec);
  return std::filesystem::path(home) / ".gitlab-runner";
}

std::filesystem::path default_file(environment const& variables) {
  return default_directory(variables) / "config.toml";
}

namespace {

// Why a file with these problems does not load; nothing when it does.
std::optional<failure> reason_to_refuse(std::vector<problem> const& problems, bool strict,
                                        std::filesystem::path const& file) {
  if (problems.empty()) return std::nullopt;
  // They are sorted: the first tells whether there is one that nobody can load.
  problem const& worst = problems.front();
  if (worst.kind == problem_kind::undecodable) {
    return failure{"decoding configuration file: " + worst.text};
  }
  if (worst.kind == problem_kind::unloadable) return failure{worst.text};
  if (worst.kind == problem_kind::invalid) return failure{"invalid config: " + worst.text};
  if (!strict) return std::nullopt;
  auto const lines = describe_briefly(problems, file.string());
  return failure{fmt::format("strict: {} problem(s) in the configuration:\n{}", lines.size(),
                             fmt::join(lines, "\n"))};
}

}  // namespace

void apply_defaults(configuration& what) {
  if (!what.connection_max_age) what.connection_max_age = std::chrono::minutes(15);
}

outcome<configuration> load_file(std::filesystem::path const& file, environment const& variables,
                                 inspection* how) {
  auto const text = read_file(file);
  if (!text) return failure{"decoding configuration file: " + text.error().message};
  if (text->missing) return configuration();
  return load_text(text->bytes, file, variables, how);
}

outcome<configuration> load_text(std::string_view text, std::filesystem::path const& file,
                                 environment const& variables, inspection* how) {
  auto read = inspect(text, variables);
  if (!read) return failure{"decoding configuration file: " + read.error().message};
  bool const strict = read->values.strict || (how && how->strict);
  if (auto const why = reason_to_refuse(read->problems, strict, file)) return *why;
  if (how) how->problems = std::move(read->problems);
  apply_defaults(read->values);
  return std::move(read->values);
}

std::optional<failure> save_file(configuration const& what, std::filesystem::path const& file) {
  if (auto const why = make_directory(file.parent_path())) {
    return failure{"creating directory: " + why->message};
  }
  if (auto const why = replace_file(file, encode(what))) {
    return failure{"saving the file: " + why->message};
  }
  return std::nullopt;
}

}  // namespace corunner::config
