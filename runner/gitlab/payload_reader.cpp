#include "net/asio.hpp"
#include "runner/gitlab/payload_fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace corunner::gitlab {

namespace {

namespace json = boost::json;

// Where in the tree we are: a chain of names and positions that is spelled out only for a fault.
struct place {
  place const* parent = nullptr;
  std::string_view name;
  std::optional<std::size_t> position;

  std::string text() const {
    std::string out = parent ? parent->text() : std::string();
    if (position) return out + fmt::format("[{}]", *position);
    if (!out.empty() && !name.empty()) out += '.';
    return out + std::string(name);
  }
};

std::string_view kind_of(json::value const& v) {
  switch (v.kind()) {
    case json::kind::null: return "null";
    case json::kind::bool_: return "boolean";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_: return "number";
    case json::kind::string: return "string";
    case json::kind::array: return "array";
    case json::kind::object: return "object";
  }
  return "nothing";
}

// Reads a tree into structs. It goes on after a fault, so that one bad member does not hide the
// others; the first fault is kept.
class reader {
 public:
  std::string fault;

  void read(json::value const& v, std::string& into, place const& at) {
    if (auto const* text = v.if_string()) {
      into.assign(text->data(), text->size());
    } else {
      expected("string", v, at);
    }
  }

  void read(json::value const& v, secret& into, place const& at) {
    std::string text;
    read(v, text, at);
    into = secret(std::move(text));
  }

  void read(json::value const& v, bool& into, place const& at) {
    if (auto const* flag = v.if_bool()) {
      into = *flag;
    } else {
      expected("boolean", v, at);
    }
  }

  void read(json::value const& v, std::int64_t& into, place const& at) {
    if (auto const* number = v.if_int64()) {
      into = *number;
    } else if (v.is_number()) {
      report(fmt::format("expected integer, found number {}", json::serialize(v)), at);
    } else {
      expected("number", v, at);
    }
  }

  void read(json::value const& v, double& into, place const& at) {
    error_code not_a_number;
    auto const number = v.to_number<double>(not_a_number);
    if (not_a_number) return expected("number", v, at);
    into = number;
  }

  template <class T>
  void read(json::value const& v, std::optional<T>& into, place const& at) {
    read(v, into.emplace(), at);
  }

  template <class T>
  void read(json::value const& v, std::vector<T>& into, place const& at) {
    auto const* items = v.if_array();
    if (!items) return expected("array", v, at);
    into.clear();
    into.reserve(items->size());
    for (std::size_t i = 0; i < items->size(); ++i) {
      T item{};
      if (!(*items)[i].is_null()) read((*items)[i], item, place{&at, {}, i});
      into.push_back(std::move(item));
    }
  }

  void read(json::value const& v, std::map<std::string, job_secret>& into, place const& at) {
    auto const* members = v.if_object();
    if (!members) return expected("object", v, at);
    for (auto const& [name, member] : *members) {
      if (!member.is_null()) read(member, into[std::string(name)], place{&at, name, {}});
    }
  }

  // Values of any type as text: a login's data is handed on, not understood.
  void read(json::value const& v, std::map<std::string, std::string>& into, place const& at) {
    auto const* members = v.if_object();
    if (!members) return expected("object", v, at);
    for (auto const& [name, member] : *members) {
      if (member.is_null()) continue;
      auto const* text = member.if_string();
      into[std::string(name)] = text ? std::string(*text) : json::serialize(member);
    }
  }

  void read(json::value const& v, job_input& into, place const& at) {
    auto const* members = v.if_object();
    if (!members) return expected("object", v, at);
    scope outer{*this, *members, at};
    outer("key", into.key);
    if (into.key.empty()) report("an input without a key", at);
    outer.nested("value", [&](auto& inner) {
      inner("type", into.type);
      inner("sensitive", into.sensitive);
      if (auto const* content = inner.members.if_contains("content")) into.content = *content;
    });
    check_content(into, at);
  }

  void read(json::value const& v, image_options& into, place const& at) {
    auto const* sections = v.if_object();
    if (!sections) return expected("object", v, at);
    for (auto const& [name, section] : *sections) {
      place const here{&at, name, {}};
      if (name != "docker" && name != "kubernetes") {
        into.unknown.push_back({{}, std::string(name)});
      } else if (auto const* keys = section.if_object()) {
        for (auto const& [key, value] : *keys) read_option(name, key, value, into, here);
      } else if (!section.is_null()) {
        expected("object", section, here);
      }
    }
  }

  // A struct whose members are listed in payload_fields.hpp.
  template <class T>
  void read(json::value const& v, T& into, place const& at) {
    auto const* members = v.if_object();
    if (!members) return expected("object", v, at);
    scope visitor{*this, *members, at};
    fields(visitor, into);
  }

 private:
  // The members of one object, as the visitor of fields().
  struct scope {
    reader& owner;
    json::object const& members;
    place const& at;

    template <class T>
    void operator()(std::string_view name, T& into) {
      auto const* found = members.if_contains(name);
      if (found && !found->is_null()) owner.read(*found, into, place{&at, name, {}});
    }

    void rare(std::string_view name, bool& into) { (*this)(name, into); }

    template <class T>
    void always(std::string_view name, std::vector<T>& into) {
      (*this)(name, into);
    }

    template <class Inner>
    void nested(std::string_view name, Inner inner) {
      auto const* found = members.if_contains(name);
      if (!found || found->is_null()) return;
      place const here{&at, name, {}};
      auto const* object = found->if_object();
      if (!object) return owner.expected("object", *found, here);
      scope visitor{owner, *object, here};
      inner(visitor);
    }
  };

  void read_option(std::string_view section, std::string_view key, json::value const& v,
                   image_options& into, place const& at) {
    place const here{&at, key, {}};
    if (section == "docker" && key == "platform") {
      if (!v.is_null()) read(v, into.docker_platform, here);
    } else if (key == "user") {
      read_user(v, section == "docker" ? into.docker_user : into.kubernetes_user, here);
    } else {
      into.unknown.push_back({std::string(section), std::string(key)});
    }
  }

  // A user is a name or a number, kept as text.
  void read_user(json::value const& v, std::string& into, place const& at) {
    if (auto const* text = v.if_string()) {
      into.assign(text->data(), text->size());
    } else if (v.is_int64()) {
      into = fmt::to_string(v.get_int64());
    } else if (!v.is_null()) {
      report(fmt::format("expected string or integer, found {}", kind_of(v)), at);
    }
  }

  void check_content(job_input const& input, place const& at) {
    constexpr std::pair<std::string_view, std::string_view> kinds[] = {
        {"string", "string"}, {"number", "number"}, {"boolean", "boolean"},
        {"array", "array"},   {"struct", "object"},
    };
    place const value{&at, "value", {}};
    auto const* const row = std::ranges::find(kinds, input.type, [](auto& k) { return k.first; });
    if (row == std::end(kinds)) {
      report(fmt::format("unknown type '{}'", input.type), place{&value, "type", {}});
    } else if (kind_of(input.content) != row->second) {
      expected(row->second, input.content, place{&value, "content", {}});
    }
  }

  void expected(std::string_view what, json::value const& found, place const& at) {
    report(fmt::format("expected {}, found {}", what, kind_of(found)), at);
  }

  void report(std::string text, place const& at) {
    if (!fault.empty()) return;
    auto const path = at.text();
    fault = path.empty() ? text : fmt::format("{}: {}", path, text);
  }
};

}  // namespace

decoded_job decode_job_tree(json::value const& tree) {
  decoded_job out;
  reader from;
  from.read(tree, out.job, place{});
  out.error = std::move(from.fault);
  return out;
}

decoded_job decode_job(std::string_view text) {
  json::parse_options how;
  how.max_depth = 128;  // an input of type struct may be deep
  error_code broken;
  auto const tree = json::parse(text, broken, {}, how);
  if (!broken) return decode_job_tree(tree);
  decoded_job out;
  out.error = fmt::format("not JSON: {}", broken.message());
  return out;
}

}  // namespace corunner::gitlab
