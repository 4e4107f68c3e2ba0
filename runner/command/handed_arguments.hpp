#pragma once

#include <string>
#include <vector>

namespace corunner {

// The words of the command line: `words`, and when there are none those that
// _GITLAB_RUNNER_HELPER_NATIVE_STEPS_ARGV carries (base64 of a JSON array of strings), because the
// entrypoint of an image may drop the arguments of its container. The variable is taken out of the
// environment. One that cannot be read counts as not set. executor-docker.md 16
std::vector<std::string> with_handed_arguments(std::vector<std::string> words);

}  // namespace corunner
