#pragma once

#include <boost/json/object.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::gitlab {

// What this runner says it can do: all flags that GitLab knows, each true or false. A wrongly
// claimed flag makes jobs fail inside, a missing one that a job needs makes the server refuse it.
using runner_features = std::map<std::string_view, bool>;

// The flags of a runner entry with that executor and shell; true only for what this program
// implements (protocol.md 3.2).
runner_features features_of(std::string_view executor, std::string_view shell);

// The flags of calls that are made before an executor is known (registration).
runner_features network_features();

// The `info` object of every call that introduces a runner (protocol.md 3.1).
struct runner_info {
  std::string name;
  std::string version;
  std::string revision;
  std::string platform;      // Go's names: linux, darwin, windows, freebsd
  std::string architecture;  // Go's names: amd64, arm64, ...
  std::string executor;      // with the shell it decides the features: features_of(executor, shell)
  std::string shell;
  std::string gpus;
  std::map<std::string, std::string> labels;
};

// Of this program on this machine; executor and shell are left empty.
runner_info local_runner_info();
// An empty shell is the executor's default.
runner_info local_runner_info(std::string executor, std::string shell);

boost::json::object encode_info(runner_info const& info);

// "corunner 0.1.0 (main; c++20; linux/amd64)", for User-Agent.
std::string user_agent();

}  // namespace corunner::gitlab
