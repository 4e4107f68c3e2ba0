#pragma once

#include "runner/artifact/artifact_context.hpp"

#include <string>

namespace corunner {

// What `git ls-files -o -z` says about the working directory; `failure` is GitLab's wording of why
// it does not, what git says about it has gone to the context's errors.
struct untracked_listing {
  std::string names;
  std::string failure;
};

awaitable<untracked_listing> untracked_files(artifact_context& context);

}  // namespace corunner
