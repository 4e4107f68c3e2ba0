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

// Fills the fields of a payload one after the other and remembers the first fault with its place.
class payload_filler {
 public:
  payload_filler(inputs const& values, interpolation_count& count)
      : values_(values), count_(count) {}

  void fill(std::string& field, std::string const& place) {
    if (fault_) return;
    auto filled = interpolate(field, values_, count_);
    if (filled) {
      field = std::move(*filled);
      return;
    }
    fault_ = filled.error();
    fault_->message =
        fmt::format("failed to interpolate job inputs: {}: {}", place, fault_->message);
  }

  void fill(std::vector<std::string>& fields, std::string const& place) {
    fill_each(fields, place);
  }

  void fill(gitlab::job_image& image, std::string const& place) {
    fill(image.name, place + ".name");
    fill(image.command, place + ".command");
    fill(image.entrypoint, place + ".entrypoint");
    fill(image.pull_policy, place + ".pull_policy");
    fill(image.executor_opts.docker_platform, place + ".executor_opts.docker.platform");
    fill(image.executor_opts.docker_user, place + ".executor_opts.docker.user");
    fill(image.executor_opts.kubernetes_user, place + ".executor_opts.kubernetes.user");
  }

  void fill(gitlab::job_artifact& artifact, std::string const& place) {
    fill(artifact.name, place + ".name");
    fill(artifact.paths, place + ".paths");
    fill(artifact.exclude, place + ".exclude");
    fill(artifact.when, place + ".when");
    fill(artifact.expire_in, place + ".expire_in");
  }

  void fill(gitlab::job_cache& cache, std::string const& place) {
    fill(cache.key, place + ".key");
    fill(cache.policy, place + ".policy");
    fill(cache.paths, place + ".paths");
    fill(cache.when, place + ".when");
    fill(cache.fallback_keys, place + ".fallback_keys");
  }

  template <class T>
  void fill_each(std::vector<T>& list, std::string const& place) {
    for (std::size_t i = 0; i < list.size(); ++i) fill(list[i], fmt::format("{}[{}]", place, i));
  }

  std::optional<job_failure> const& fault() const { return fault_; }

 private:
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
      count.failure = what.sensitive() ? "sensitive_unsupported" : "evaluation";
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
  for (auto& step : payload.steps) {
    if (step.name == "script" || step.name == "after_script") filler.fill(step.script, step.name);
  }
  filler.fill(payload.image, "image");
  filler.fill_each(payload.services, "services");
  filler.fill_each(payload.artifacts, "artifacts");
  filler.fill_each(payload.cache, "cache");
  if (filler.fault()) return *filler.fault();
  return payload;
}

}  // namespace corunner
