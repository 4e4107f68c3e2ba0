#include <fmt/format.h>

#include <array>

#include "runner/pipeline/entry/job_parts.hpp"

namespace corunner::pipeline::entry {
namespace {

constexpr std::array<std::string_view, 5> image_keys{"name", "entrypoint", "pull_policy", "docker",
                                                     "kubernetes"};
constexpr std::array<std::string_view, 8> service_keys{
    "name", "alias", "entrypoint", "command", "variables", "pull_policy", "docker", "kubernetes"};

void read_executor_options(diagnostics& errors, node const& value, std::string const& path,
                           image_definition& out) {
  static constexpr std::array<std::string_view, 2> docker_keys{"platform", "user"};
  static constexpr std::array<std::string_view, 1> kubernetes_keys{"user"};
  if (node const* const docker = given(value, "docker")) {
    check_mapping(errors, *docker, path + ":docker", {docker_keys});
    if (node const* const p = given(*docker, "platform")) {
      out.docker_platform = read_string(errors, *p, path + ":docker:platform");
    }
    if (node const* const u = given(*docker, "user")) {
      out.docker_user = read_string(errors, *u, path + ":docker:user");
    }
  }
  if (node const* const kubernetes = given(value, "kubernetes")) {
    check_mapping(errors, *kubernetes, path + ":kubernetes", {kubernetes_keys});
    if (node const* const u = given(*kubernetes, "user")) {
      out.kubernetes_user = read_scalar(errors, *u, path + ":kubernetes:user");
    }
  }
}

std::vector<std::string> read_pull_policy(diagnostics& errors, node const& value,
                                          std::string const& path) {
  static constexpr std::array<std::string_view, 3> policies{"always", "never", "if-not-present"};
  if (!value.is_sequence()) return {read_choice(errors, value, path, "pull policy", policies)};
  std::vector<std::string> out;
  for (node const& item : value.items) {
    out.push_back(read_choice(errors, item, path, "pull policy", policies));
  }
  return out;
}

image_definition read_one(diagnostics& errors, node const& value, std::string const& path,
                          std::span<std::string_view const> keys, std::string_view wrong) {
  image_definition out;
  if (value.is_string()) {
    out.name = value.text;
    if (out.name.empty()) fail(errors, value, path, "config can't be blank");
    return out;
  }
  if (!value.is_mapping()) {
    fail(errors, value, path, std::string(wrong));
    return out;
  }
  check_mapping(errors, value, path, {keys});
  if (node const* const name = given(value, "name")) {
    out.name = read_string(errors, *name, path + ":name");
  } else {
    fail(errors, value, path, "name can't be blank");
  }
  if (node const* const e = given(value, "entrypoint")) {
    out.entrypoint = read_string_or_strings(errors, *e, path + ":entrypoint");
  }
  if (node const* const p = given(value, "pull_policy")) {
    out.pull_policy = read_pull_policy(errors, *p, path + ":pull_policy");
  }
  read_executor_options(errors, value, path, out);
  return out;
}

}  // namespace

image_definition read_image(diagnostics& errors, node const& value, std::string const& path) {
  return read_one(errors, value, path, image_keys, "config should be a hash or a string");
}

std::vector<image_definition> read_services(diagnostics& errors, node const& value,
                                            std::string const& path) {
  std::vector<image_definition> out;
  if (!value.is_sequence()) {
    fail(errors, value, path, "config should be a array");
    return out;
  }
  std::string const item_path = path + ":service";
  for (node const* const item : flatten(value)) {
    image_definition one =
        read_one(errors, *item, item_path, service_keys, "config should be a hash or a string");
    if (item->is_mapping()) {
      if (node const* const a = given(*item, "alias")) {
        one.alias = read_string(errors, *a, item_path + ":alias");
      }
      if (node const* const c = given(*item, "command")) {
        one.command = read_string_or_strings(errors, *c, item_path + ":command");
      }
      if (node const* const v = given(*item, "variables")) {
        one.variables =
            read_variables(errors, *v, item_path + ":variables", variable_form::scalars);
      }
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace corunner::pipeline::entry
