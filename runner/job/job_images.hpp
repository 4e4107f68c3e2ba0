#pragma once

#include "runner/job/running_job.hpp"

namespace corunner {

// Fills variables into the names of the job's image and services; what else an image has is filled
// in by the executor that uses it. job-lifecycle.md 3, step 5
void expand_image_names(running_job& job);

// For the process log, when the job has FF_LOG_IMAGES_CONFIGURED_FOR_JOB.
void tell_images(running_job const& job);

}  // namespace corunner
