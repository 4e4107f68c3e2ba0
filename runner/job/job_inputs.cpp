#include "runner/job/job_inputs.hpp"

#include "runner/job/words.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace corunner {
namespace {

namespace json = boost::json;
using inputs = std::vector<gitlab::job_input>;

constexpr std::string_view opening = "${{";
constexpr std::string_view closing = "}}";
constexpr std::string_view root = "job.inputs.";
constexpr std::string_view sensitive_value = "sensitive_unsupported";

job_failure wrong(std::string message) {
  return build_failure(std::move(message), gitlab::failure_reason::runner_configuration_error);
}

bool is_name_character(char c) {
  return c == '_' || c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}

std::string_view take_name(std::string_view& text) {
  auto const end = std::ranges::find_if_not(text, is_name_character);
  auto const name = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(name.size());
  return name;
}

std::string as_text(json::value const& value) {
  if (auto const* const text = value.if_string()) return std::string(*text);
  if (auto const* const number = value.if_double()) return fmt::format("{}", *number);
  return json::serialize(value);
}

// Evaluates one expression by walking it once from the left.
class expression {
 public:
  expression(std::string_view text, inputs const& values) : whole_(text), values_(values) {}

  attempt<std::string> evaluate() {
    auto rest = trim(whole_);
    if (rest.starts_with("str(") && rest.ends_with(')')) {
      rest = trim(rest.substr(4, rest.size() - 5));
    }
    if (!rest.starts_with(root)) return unknown();
    rest.remove_prefix(root.size());
    auto const key = take_name(rest);
    auto const found = std::ranges::find(values_, key, &gitlab::job_input::key);
    if (found == values_.end()) return wrong(fmt::format("unknown input '{}'", key));
    json::value const* value = &found->content;
    while (value && !rest.empty()) {
      value = rest.front() == '.' ? attribute(*value, rest) : element(*value, rest);
    }
    if (!value) return unknown();
    sensitive_ = found->sensitive;
    if (sensitive_) return wrong("sensitive inputs are unsupported in interpolations yet");
    return as_text(*value);
  }

  // Known after evaluate(): it is about a value that must not be shown.
  bool sensitive() const { return sensitive_; }

 private:
  job_failure unknown() const {
    return wrong(fmt::format("cannot evaluate '{}'", trim(whole_)));
  }

  static json::value const* attribute(json::value const& of, std::string_view& rest) {
    rest.remove_prefix(1);
    auto const name = take_name(rest);
    auto const* const object = of.if_object();
    return object && !name.empty() ? object->if_contains(name) : nullptr;
  }

  static json::value const* element(json::value const& of, std::string_view& rest) {
    auto const end = rest.find(']');
    if (rest.front() != '[' || end == std::string_view::npos) return nullptr;
    auto const index = trim(rest.substr(1, end - 1));
    rest.remove_prefix(end + 1);
    bool const quoted = index.size() > 1 && index.front() == '"' && index.back() == '"';
    if (quoted) {
      auto const* const object = of.if_object();
      return object ? object->if_contains(index.substr(1, index.size() - 2)) : nullptr;
    }
    std::size_t number = 0;
    auto const [last, error] = std::from_chars(index.data(), index.data() + index.size(), number);
    auto const* const array = of.if_array();
    bool const good = error == std::errc() && last == index.data() + index.size();
    return array && good ? array->if_contains(number) : nullptr;
  }

  std::string_view whole_;
  inputs const& values_;
  bool sensitive_ = false;
};

// Fills the fields of a payload one after the other and remembers the first fault. `where` is how the
// reference tells the place of what must not be shown: the names of its own structs and fields.
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
      fill(list[i], fmt::format("{}failed to expand slice field {}: failed to process struct element "
                                "{}: ", where, name, i));
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
    out += text.substr(0, start);
    if (start == std::string_view::npos) break;
    text.remove_prefix(start + opening.size());
    auto const end = text.find(closing);
    if (end == std::string_view::npos) {
      count.failure = "parse";
      return wrong("'${{' without '}}'");
    }
    expression what(text.substr(0, end), values);
    auto value = what.evaluate();
    if (!value) {
      count.failure = what.sensitive() ? sensitive_value : "evaluation";
      return value.error();
    }
    has_some = true;
    out += *value;
    text.remove_prefix(end + closing.size());
  }
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
