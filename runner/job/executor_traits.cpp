#include "runner/job/executor_traits.hpp"

#include <algorithm>
#include <iterator>

namespace corunner {
namespace {

constexpr std::string_view container_helper = "/usr/bin/gitlab-runner-helper";

constexpr executor_traits container(std::string_view name) {
  return {.name = name,
          .builds_dir = "/builds",
          .cache_dir = "/cache",
          .shared_builds_dir = false,
          .custom_build_dir = true,
          .safe_directory = true,
          .shared_environment = false,
          .shows_runner_host = true,
          .helper = container_helper};
}

constexpr executor_traits virtual_machine(std::string_view name) {
  return {.name = name,
          .builds_dir = "builds",
          .cache_dir = "cache",
          .shared_builds_dir = false,
          .safe_directory = true,
          .shared_environment = false,
          .shows_runner_host = true,
          .login_shell = true,
          .helper = "gitlab-runner"};
}

constexpr executor_traits table[] = {
    {.name = "shell",
     .builds_dir = "builds",
     .cache_dir = "cache",
     .login_shell = true,
     .clean_git_config = false,
     .default_dirs_here = true,
     .helper = "@"},
    {.name = "dummy",
     .builds_dir = "builds",
     .cache_dir = "cache",
     .clean_git_config = false,
     .default_dirs_here = true,
     .helper = "@"},
    {.name = "ssh",
     .builds_dir = "builds",
     .cache_dir = "cache",
     .shows_runner_host = true,
     .login_shell = true,
     .helper = "gitlab-runner"},
    {.name = "instance",
     .builds_dir = "builds",
     .cache_dir = "cache",
     .shows_runner_host = true,
     .helper = "gitlab-runner"},
    {.name = "custom", .helper = "gitlab-runner"},
    container("docker"),
    container("docker-windows"),
    container("docker+machine"),
    container("docker-autoscaler"),
    container("kubernetes"),
    virtual_machine("virtualbox"),
    virtual_machine("parallels"),
};

constexpr executor_traits unknown{};

}  // namespace

executor_traits const& traits_of(std::string_view executor) {
  auto const found = std::ranges::find(table, executor, &executor_traits::name);
  return found == std::end(table) ? unknown : *found;
}

}  // namespace corunner
