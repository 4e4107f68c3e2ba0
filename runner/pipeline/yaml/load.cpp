#include "runner/pipeline/yaml/load.hpp"

#include <fmt/format.h>
#include <yaml.h>

#include <map>

#include "runner/pipeline/yaml/scalar.hpp"

namespace corunner::pipeline::yaml {
namespace {

struct failure {
  position where;
  std::string text;
};

std::string_view view(yaml_char_t const* text) {
  return text ? std::string_view(reinterpret_cast<char const*>(text)) : std::string_view();
}

// Owns libyaml's parser and one event at a time.
class event_stream {
 public:
  explicit event_stream(std::string_view text) {
    if (!yaml_parser_initialize(&parser_)) throw std::bad_alloc();
    yaml_parser_set_input_string(
        &parser_, reinterpret_cast<unsigned char const*>(text.data()), text.size());
  }
  ~event_stream() {
    drop();
    yaml_parser_delete(&parser_);
  }
  event_stream(event_stream const&) = delete;
  event_stream& operator=(event_stream const&) = delete;

  // The next event, valid until the following call. Throws failure.
  yaml_event_t const& next() {
    drop();
    if (!yaml_parser_parse(&parser_, &event_)) {
      throw failure{error_position(), error_text()};
    }
    has_event_ = true;
    return event_;
  }

 private:
  void drop() {
    if (has_event_) yaml_event_delete(&event_);
    has_event_ = false;
  }

  position error_position() const {
    return {static_cast<int>(parser_.problem_mark.line) + 1,
            static_cast<int>(parser_.problem_mark.column) + 1};
  }

  std::string error_text() const {
    std::string text = parser_.problem ? parser_.problem : "invalid YAML";
    if (parser_.context) text += fmt::format(" {}", parser_.context);
    return text;
  }

  yaml_parser_t parser_{};
  yaml_event_t event_{};
  bool has_event_ = false;
};

class builder {
 public:
  builder(std::string_view text, std::string_view file, load_limits const& limits)
      : events_(text), file_(std::make_shared<std::string const>(file)), limits_(limits) {}

  std::vector<node> documents() {
    std::vector<node> out;
    while (true) {
      yaml_event_t const& event = events_.next();
      if (event.type == YAML_STREAM_END_EVENT) return out;
      if (event.type != YAML_DOCUMENT_START_EVENT) continue;
      anchors_.clear();
      out.push_back(build(events_.next(), 1));
    }
  }

 private:
  static position position_of(yaml_event_t const& event) {
    return {static_cast<int>(event.start_mark.line) + 1,
            static_cast<int>(event.start_mark.column) + 1};
  }

  void count(std::size_t more, position where) {
    nodes_ += more;
    if (nodes_ > limits_.nodes) throw failure{where, "The parsed YAML is too big"};
  }

  node build(yaml_event_t const& event, int depth) {
    position const where = position_of(event);
    if (depth > limits_.depth) throw failure{where, "The parsed YAML is too deep"};
    if (event.type == YAML_ALIAS_EVENT) return alias(view(event.data.alias.anchor), where);

    count(1, where);
    node out;
    out.where = where;
    out.file = file_;
    std::string anchor;
    switch (event.type) {
      case YAML_SCALAR_EVENT:
        anchor = view(event.data.scalar.anchor);
        fill_scalar(out, event);
        break;
      case YAML_SEQUENCE_START_EVENT:
        anchor = view(event.data.sequence_start.anchor);
        fill_sequence(out, std::string(view(event.data.sequence_start.tag)), depth);
        break;
      case YAML_MAPPING_START_EVENT:
        anchor = view(event.data.mapping_start.anchor);
        fill_mapping(out, std::string(view(event.data.mapping_start.tag)), depth);
        break;
      default:
        throw failure{where, "invalid YAML"};
    }
    if (!anchor.empty()) anchors_.insert_or_assign(anchor, anchored{out, count_nodes(out)});
    return out;
  }

  node alias(std::string_view name, position where) {
    auto const found = anchors_.find(name);
    if (found == anchors_.end()) throw failure{where, fmt::format("Unknown alias: {}", name)};
    count(found->second.size, where);
    return found->second.value;
  }

  static void fill_scalar(node& out, yaml_event_t const& event) {
    auto const& from = event.data.scalar;
    std::string_view const text(reinterpret_cast<char const*>(from.value), from.length);
    std::string_view const tag = view(from.tag);
    bool const plain = from.style == YAML_PLAIN_SCALAR_STYLE;

    if (tag == "!reference") {
      out.type = kind::reference;  // without a list: reported as invalid when it is resolved
      return;
    }
    if (tag == YAML_STR_TAG || tag == "!" || (tag.empty() && !plain)) {
      out.type = kind::string;
      out.text = text;
      return;
    }
    bool const core = tag == YAML_INT_TAG || tag == YAML_FLOAT_TAG || tag == YAML_BOOL_TAG ||
                      tag == YAML_NULL_TAG;
    if (!tag.empty() && !core) refuse_tag(tag, out.where);
    scalar value = resolve_plain(text);
    if (value.is_date) {
      throw failure{out.where, fmt::format("Tried to load unspecified class: Date ('{}': quote it)",
                                           text)};
    }
    out.type = value.type;
    out.text = std::move(value.text);
  }

  [[noreturn]] static void refuse_tag(std::string_view tag, position where) {
    throw failure{where, fmt::format("unknown tag '{}', only '!reference' is allowed", tag)};
  }

  void fill_sequence(node& out, std::string const& tag, int depth) {
    bool const reference = tag == "!reference";
    if (!reference && !tag.empty() && tag != YAML_SEQ_TAG && tag != "!") refuse_tag(tag, out.where);
    out.type = reference ? kind::reference : kind::sequence;
    while (true) {
      yaml_event_t const& event = events_.next();
      if (event.type == YAML_SEQUENCE_END_EVENT) return;
      out.items.push_back(build(event, depth + 1));
    }
  }

  void fill_mapping(node& out, std::string const& tag, int depth) {
    if (!tag.empty() && tag != YAML_MAP_TAG && tag != "!") refuse_tag(tag, out.where);
    out.type = kind::mapping;
    std::map<std::string, std::size_t, std::less<>> places;
    while (true) {
      yaml_event_t const& event = events_.next();
      if (event.type == YAML_MAPPING_END_EVENT) return;
      bool const plain_merge = event.type == YAML_SCALAR_EVENT &&
                               event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
                               view(event.data.scalar.value) == "<<";
      node const key = build(event, depth + 1);
      if (!key.items.empty() || !key.entries.empty() || key.is_sequence() || key.is_mapping()) {
        throw failure{key.where, "a mapping key should be a scalar"};
      }
      node value = build(events_.next(), depth + 1);
      if (plain_merge && merge(out, places, value)) continue;
      put(out, places, {key.text, key.where, std::move(value)});
    }
  }

  using place_map = std::map<std::string, std::size_t, std::less<>>;

  static void put(node& out, place_map& places, node::entry what) {
    auto const [place, fresh] = places.emplace(what.key, out.entries.size());
    if (fresh) {
      out.entries.push_back(std::move(what));
    } else {
      out.entries[place->second] = std::move(what);
    }
  }

  // Psych merges where `<<` stands: keys written before it are replaced, keys after it win.
  static bool merge(node& out, place_map& places, node const& value) {
    if (value.is_mapping()) {
      for (node::entry const& e : value.entries) put(out, places, e);
      return true;
    }
    if (!value.is_sequence()) return false;
    for (node const& item : value.items) {
      if (!item.is_mapping()) return false;
    }
    node merged;
    place_map merged_places;
    for (auto item = value.items.rbegin(); item != value.items.rend(); ++item) {
      for (node::entry const& e : item->entries) put(merged, merged_places, e);
    }
    for (node::entry& e : merged.entries) put(out, places, std::move(e));
    return true;
  }

  struct anchored {
    node value;
    std::size_t size;
  };

  event_stream events_;
  std::shared_ptr<std::string const> file_;
  load_limits limits_;
  std::size_t nodes_ = 0;
  std::map<std::string, anchored, std::less<>> anchors_;
};

}  // namespace

loaded load(std::string_view text, std::string_view file, load_limits const& limits) {
  loaded out;
  if (text.size() > limits.bytes) {
    out.error = diagnostic{std::string(file), {1, 1}, "", "The parsed YAML is too big"};
    return out;
  }
  try {
    out.documents = builder(text, file, limits).documents();
  } catch (failure& f) {
    out.documents.clear();
    out.error = diagnostic{std::string(file), f.where, "", std::move(f.text)};
  }
  return out;
}

}  // namespace corunner::pipeline::yaml
