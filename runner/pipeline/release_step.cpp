#include "runner/pipeline/release_step.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner::pipeline {
namespace {

// A command that prints one line. Nothing in single quotes means anything to a shell, but a single
// quote; and no line may end the command.
std::string print(std::string text) {
  std::ranges::replace(text, '\'', '"');
  std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return fmt::format("echo '{}'", text);
}

}  // namespace

std::vector<std::string> release_step(release_definition const& release,
                                      variable_list const& variables) {
  std::vector<std::string> out;
  auto const fact = [&](std::string_view what, std::string const& text) {
    if (text.empty()) return;
    out.push_back(
        print(fmt::format("  {}: {}", what, expand(text, variables, undefined_reference::keep))));
  };
  out.push_back(print("A release is made by GitLab alone. There, it would be this one:"));
  fact("tag_name", release.tag_name);
  fact("name", release.name);
  fact("description", release.description);
  fact("tag_message", release.tag_message);
  fact("ref", release.ref);
  fact("released_at", release.released_at);
  for (auto const& milestone : release.milestones) fact("milestone", milestone);
  for (auto const& link : release.links) {
    auto more = link.filepath.empty() ? std::string() : " as " + link.filepath;
    if (!link.link_type.empty()) more += fmt::format(" ({})", link.link_type);
    fact("asset", fmt::format("{}: {}{}", link.name, link.url, more));
  }
  return out;
}

}  // namespace corunner::pipeline
