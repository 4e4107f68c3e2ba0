#include "runner/job/job_images.hpp"

#include <utility>

namespace corunner {

void expand_image_names(running_job& job) {
  if (job.payload().image.name.empty() && job.payload().services.empty()) return;
  auto filled = job.payload();
  auto const expand = [&job](std::string& text) { text = job.variables.expand(text, {}); };
  expand(filled.image.name);
  expand(filled.image.alias);
  for (auto& service : filled.services) {
    expand(service.name);
    expand(service.alias);
  }
  job.replace_payload(std::move(filled));
}

void tell_images(running_job const& job) {
  auto const& tell = job.services.image_configured;
  if (!tell || !job.flags["FF_LOG_IMAGES_CONFIGURED_FOR_JOB"]) return;
  auto const& payload = job.payload();
  if (!payload.image.name.empty()) tell("Image configured for job", payload.image);
  for (auto const& service : payload.services) tell("Service image configured for job", service);
}

}  // namespace corunner
