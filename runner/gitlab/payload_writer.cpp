#include "runner/gitlab/payload_fields.hpp"

#include <boost/json/array.hpp>

#include <utility>

namespace corunner::gitlab {

namespace {

namespace json = boost::json;

template <class T>
json::object object_of(T const& from);

json::value value_of(std::string const& text) { return json::string(text); }
json::value value_of(secret const& text) { return json::string(text.reveal()); }
json::value value_of(bool flag) { return flag; }
json::value value_of(std::int64_t number) { return number; }
json::value value_of(double number) { return number; }

json::value value_of(job_input const& input) {
  json::object value;
  value["type"] = input.type;
  value["content"] = input.content;
  value["sensitive"] = input.sensitive;
  json::object out;
  out["key"] = input.key;
  out["value"] = std::move(value);
  return out;
}

json::value value_of(image_options const& options) {
  json::object docker;
  if (!options.docker_platform.empty()) docker["platform"] = options.docker_platform;
  if (!options.docker_user.empty()) docker["user"] = options.docker_user;
  json::object out;
  if (!docker.empty()) out["docker"] = std::move(docker);
  if (!options.kubernetes_user.empty()) {
    json::object kubernetes;
    kubernetes["user"] = options.kubernetes_user;
    out["kubernetes"] = std::move(kubernetes);
  }
  return out;
}

template <class T>
json::value value_of(T const& from) {
  return object_of(from);
}

template <class T>
json::value value_of(std::vector<T> const& items) {
  json::array out;
  out.reserve(items.size());
  for (auto const& item : items) out.push_back(value_of(item));
  return out;
}

template <class T>
json::value value_of(std::map<std::string, T> const& members) {
  json::object out;
  for (auto const& [name, member] : members) out[name] = value_of(member);
  return out;
}

// Texts, lists and structs without content say nothing and are left out; numbers and flags stay.
bool says_nothing(json::value const& v) {
  if (auto const* text = v.if_string()) return text->empty();
  if (auto const* items = v.if_array()) return items->empty();
  if (auto const* members = v.if_object()) return members->empty();
  return false;
}

// The visitor of fields() that fills one object.
struct object_writer {
  json::object out;

  template <class T>
  void operator()(std::string_view name, T const& member) {
    auto value = value_of(member);
    if (!says_nothing(value)) out[name] = std::move(value);
  }

  // What is set is told, even when it is empty.
  template <class T>
  void operator()(std::string_view name, std::optional<T> const& member) {
    if (member) out[name] = value_of(*member);
  }

  template <class T>
  void always(std::string_view name, std::vector<T> const& items) {
    out[name] = value_of(items);
  }

  void rare(std::string_view name, bool flag) {
    if (flag) out[name] = true;
  }

  template <class Inner>
  void nested(std::string_view name, Inner inner) {
    object_writer writer;
    inner(writer);
    if (!writer.out.empty()) out[name] = std::move(writer.out);
  }
};

template <class T>
json::object object_of(T const& from) {
  object_writer writer;
  fields(writer, from);
  return std::move(writer.out);
}

}  // namespace

json::object encode_job(job_payload const& job) { return object_of(job); }

}  // namespace corunner::gitlab
