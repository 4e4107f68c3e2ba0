#include "runner/job/script/repository_settings.hpp"

#include "runner/job/script/git_context.hpp"

#include <fmt/format.h>

#include <utility>

namespace corunner {
namespace {

constexpr std::string_view origin_header = "[remote \"origin\"]";
constexpr std::string_view fresh_repository = "Created fresh repository.";

// The line that git writes for a value, as a file of its own has it.
std::string line_of(std::string section, std::string key, std::string const& value) {
  git_configuration one;
  one.add(std::move(section), "", std::move(key), value);
  auto const text = one.text();
  auto const begin = text.find('\t') + 1;
  return text.substr(begin, text.size() - 1 - begin);
}

std::string include_line(std::string const& external) {
  return line_of("include", "path", external);
}

// The repository may come from a template of another directory: the end of the name tells ours.
void set_include(exec::shell_writer& to, std::string const& external) {
  to.command({"git", "config", "--replace-all", "include.path", external,
              "\\.gitlab-runner\\.ext\\.conf$"});
}

// With git, whatever the configuration says already.
void name_origin(exec::shell_writer& to, git_access const& access, std::string const& external) {
  to.if_command({"git", "remote", "add", "origin", access.remote});
  to.notice(fresh_repository);
  to.otherwise();
  to.command({"git", "remote", "set-url", "origin", access.remote});
  set_include(to, external);
  to.end_if();
}

}  // namespace

void write_template(exec::shell_writer& to, std::string const& directory,
                    std::string const& external) {
  auto const file = to.join(directory, "config");
  git_configuration fresh;
  for (auto const& [section, key, value] : template_settings()) {
    fresh.add(std::string(section), "", std::string(key), std::string(value));
  }
  fresh.add("include", "", "path", external);
  to.if_file_has_lines(file, {include_line(external)});
  to.otherwise();
  to.if_file(file);
  to.if_command({"git", "config", "--file", file, "--fixed-value", "--get", "include.path",
                 external});
  to.otherwise();
  for (auto const& [section, key, value] : template_settings()) {
    to.command({"git", "config", "--file", file, fmt::format("{}.{}", section, key),
                std::string(value)});
  }
  to.command({"git", "config", "--file", file, "include.path", external});
  to.end_if();
  to.otherwise();
  to.write_file(file, fresh.text());
  to.end_if();
  to.end_if();
}

void write_origin(exec::shell_writer& to, git_access const& access, std::string const& external) {
  auto const file = to.join(".git", "config");
  git_configuration remote;
  remote.add("remote", "origin", "url", access.remote);
  remote.add("remote", "origin", "fetch", "+refs/heads/*:refs/remotes/origin/*");
  // GIT_DIR may have led git elsewhere, and the user's keys in the template may be a remote.
  to.if_file(file);
  to.if_file_has_lines(file, {std::string(origin_header)});
  name_origin(to, access, external);
  to.otherwise();
  to.append_to_file(file, remote.text());
  to.notice(fresh_repository);
  to.end_if();
  to.otherwise();
  name_origin(to, access, external);
  to.end_if();
}

void update_origin(exec::shell_writer& to, git_access const& access, std::string const& external) {
  auto const file = to.join(".git", "config");
  to.if_file_has_lines(file, {std::string(origin_header), line_of("remote", "url", access.remote)});
  to.if_file_has_lines(file, {include_line(external)});
  to.otherwise();
  set_include(to, external);
  to.end_if();
  to.otherwise();
  name_origin(to, access, external);
  to.end_if();
}

}  // namespace corunner
