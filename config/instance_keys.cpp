#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array instance_settings_keys{
    value<&instance_settings::allowed_images>("allowed_images",
        "VM images a job may ask for when VM isolation is on"),
    value<&instance_settings::use_common_build_dir>("use_common_build_dir",
        "One build directory for all jobs; only with VM isolation or max_use_count 1"),
};

}  // namespace

constinit section const instance_settings_section{instance_settings_keys};

}  // namespace corunner::config
