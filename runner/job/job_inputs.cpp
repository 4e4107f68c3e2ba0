#include "runner/job/job_inputs.hpp"

#include "runner/job/expression.hpp"
#include "runner/job/expression_values.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <variant>

namespace corunner {
namespace {

using inputs = std::vector<gitlab::job_input>;

constexpr std::string_view opening = "${{";
constexpr std::string_view sensitive_value = "sensitive_unsupported";

job_failure wrong(std::string message) {
  return build_failure(std::move(message), gitlab::failure_reason::runner_configuration_error);
}

// Fills the fields of a payload one after the other and remembers the first fault. `where` is how
// the reference tells the place of what must not be shown: the names of its own structs and fields.
class payload_filler {
 public:
  payload_filler(inputs const& values, interpolation_count& count)
      : values_(values), count_(count) {}

  void fill(gitlab::job_step& step, std::string const& where) {
    if (step.name == "script" || step.name == "after_script") texts(step.script, where, "Script");
  }

  void fill(gitlab::job_image& image, std::string const& where) {
    text(image.name, where, "Name");
    texts(image.command, where, "Command");
    texts(image.entrypoint, where, "Entrypoint");
    texts(image.pull_policy, where, "PullPolicies");
    auto& options = image.executor_opts;
    auto const inner = in_struct(where, "ExecutorOptions");
    text(options.docker_platform, in_struct(inner, "Docker"), "Platform");
    text(options.docker_user, in_struct(inner, "Docker"), "User");
    text(options.kubernetes_user, in_struct(inner, "Kubernetes"), "User");
  }

  void fill(gitlab::job_artifact& artifact, std::string const& where) {
    text(artifact.name, where, "Name");
    texts(artifact.paths, where, "Paths");
    texts(artifact.exclude, where, "Exclude");
    text(artifact.when, where, "When");
    text(artifact.expire_in, where, "ExpireIn");
  }

  void fill(gitlab::job_cache& cache, std::string const& where) {
    text(cache.key, where, "Key");
    text(cache.policy, where, "Policy");
    texts(cache.paths, where, "Paths");
    text(cache.when, where, "When");
    texts(cache.fallback_keys, where, "FallbackKeys");
  }

  template <class T>
  void each(std::vector<T>& list, std::string const& where, std::string_view name) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      fill(list[i],
           fmt::format("{}failed to expand slice field {}: failed to process struct element "
                       "{}: ",
                       where, name, i));
    }
  }

  static std::string in_struct(std::string_view where, std::string_view name) {
    return fmt::format("{}failed to process struct field {}: ", where, name);
  }

  std::optional<job_failure> const& fault() const { return fault_; }

 private:
  void text(std::string& field, std::string_view where, std::string_view name) {
    fill_one(field, fmt::format("{}failed to expand string field {}: ", where, name));
  }

  void texts(std::vector<std::string>& fields, std::string_view where, std::string_view name) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      fill_one(fields[i], fmt::format("{}failed to expand slice field {}: failed to expand element "
                                      "{}: ", where, name, i));
    }
  }

  void fill_one(std::string& field, std::string const& where) {
    if (fault_) return;
    auto filled = interpolate(field, values_, count_);
    if (filled) {
      field = std::move(*filled);
      return;
    }
    fault_ = filled.error();
    bool const sensitive = count_.failure == sensitive_value;
    fault_->message.insert(0, sensitive ? where : "failed to interpolate job inputs: ");
  }

  inputs const& values_;
  interpolation_count& count_;
  std::optional<job_failure> fault_;
};

}  // namespace

attempt<std::string> interpolate(std::string_view text, inputs const& values,
                                 interpolation_count& count) {
  std::string out;
  bool has_some = false;
  while (true) {
    auto const start = text.find(opening);
    if (start == std::string_view::npos) break;
    if (start > 0 && text[start - 1] == '\\') {
      out.append(text.substr(0, start - 1)).append(opening);
      text.remove_prefix(start + opening.size());
      continue;
    }
    out += text.substr(0, start);
    text.remove_prefix(start + opening.size());
    auto const found = evaluate(text, values);
    if (auto const* const fault = std::get_if<expression_fault>(&found)) {
      count.failure = fault->syntax ? "parse" : "evaluation";
      return wrong(fault->message);
    }
    auto const& value = std::get<evaluated>(found);
    if (value.sensitive) {
      count.failure = sensitive_value;
      return wrong("sensitive inputs are unsupported in interpolations yet");
    }
    has_some = true;
    out += as_text(value.value);
    text.remove_prefix(value.length);
  }
  out += text;
  count.texts += has_some;
  return out;
}

attempt<gitlab::job_payload> interpolate_inputs(gitlab::job_payload payload,
                                                interpolation_count& count) {
  if (payload.inputs.empty()) return payload;
  auto const values = payload.inputs;
  payload_filler filler(values, count);
  auto const job = payload_filler::in_struct("", "Job");
  filler.each(payload.steps, job, "Steps");
  filler.fill(payload.image, payload_filler::in_struct(job, "Image"));
  filler.each(payload.services, job, "Services");
  filler.each(payload.artifacts, job, "Artifacts");
  filler.each(payload.cache, job, "Cache");
  if (filler.fault()) return *filler.fault();
  return payload;
}

}  // namespace corunner
