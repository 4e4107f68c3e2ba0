#pragma once

#include <string>
#include <string_view>

namespace corunner::coordinator {

// "group/name" of a remote's URL: https, ssh://, git@host:group/name.git, or a path on this machine
// (its last two components). Empty when there is nothing to take.
std::string project_path_of(std::string_view remote_url);

// The URL without user and password.
std::string without_credentials(std::string_view remote_url);

// A text as one component of a project path: [A-Za-z0-9_.-], not beginning with '-' or '.'.
std::string path_component(std::string_view text);

}  // namespace corunner::coordinator
