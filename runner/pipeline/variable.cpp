#include "runner/pipeline/variable.hpp"

#include <algorithm>
#include <functional>

namespace corunner::pipeline {
namespace {

bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool continues_name(char c) { return starts_name(c) || (c >= '0' && c <= '9'); }

// Length of the variable name at the beginning of `text`, 0 when there is none.
std::size_t name_length(std::string_view text) {
  if (text.empty() || !starts_name(text.front())) return 0;
  std::size_t n = 1;
  while (n < text.size() && continues_name(text[n])) ++n;
  return n;
}

struct reference {
  std::string_view name;
  std::size_t length;  // of the whole reference
};

// The reference at the beginning of `text`, in one of its three spellings.
std::optional<reference> reference_at(std::string_view text) {
  if (text.front() == '$') {
    bool const braces = text.size() > 1 && text[1] == '{';
    std::size_t const skip = braces ? 2 : 1;
    std::size_t const n = name_length(text.substr(skip));
    if (n == 0) return std::nullopt;
    if (!braces) return reference{text.substr(1, n), n + 1};
    if (text.size() <= 2 + n || text[2 + n] != '}') return std::nullopt;
    return reference{text.substr(2, n), n + 3};
  }
  std::size_t const n = name_length(text.substr(1));
  if (n == 0 || text.size() <= n + 1 || text[n + 1] != '%') return std::nullopt;
  return reference{text.substr(1, n), n + 2};
}

// Calls `on_reference` for every reference, `on_text` for everything between.
template <class OnText, class OnReference>
void scan(std::string_view text, OnText on_text, OnReference on_reference) {
  while (!text.empty()) {
    std::size_t const at = text.find_first_of("$%");
    if (at == std::string_view::npos) {
      on_text(text);
      return;
    }
    on_text(text.substr(0, at));
    text.remove_prefix(at);
    if (text.size() > 1 && text[1] == text[0]) {  // `$$`, `%%`
      on_text(text.substr(0, 2));
      text.remove_prefix(2);
    } else if (std::optional<reference> const found = reference_at(text)) {
      on_reference(found->name, text.substr(0, found->length));
      text.remove_prefix(found->length);
    } else {
      on_text(text.substr(0, 1));
      text.remove_prefix(1);
    }
  }
}

}  // namespace

void variable_list::set(variable what) {
  auto const [place, fresh] = place_.emplace(what.key, items_.size());
  if (fresh) {
    items_.push_back(std::move(what));
  } else {
    items_[place->second] = std::move(what);
  }
}

void variable_list::set_all(std::vector<variable> const& from) {
  for (variable const& v : from) set(v);
}

variable const* variable_list::find(std::string_view key) const {
  auto const found = place_.find(std::string(key));
  return found == place_.end() ? nullptr : &items_[found->second];
}

std::optional<std::string> variable_list::value(std::string_view key) const {
  variable const* const found = find(key);
  if (!found) return std::nullopt;
  return found->value;
}

std::string expand(std::string_view text, variable_list const& with,
                   undefined_reference undefined) {
  std::string out;
  scan(
      text, [&](std::string_view plain) { out += plain; },
      [&](std::string_view name, std::string_view whole) {
        variable const* const found = with.find(name);
        if (!found) {
          if (undefined == undefined_reference::keep) out += whole;
        } else if (found->raw || found->file) {
          out += whole;
        } else {
          out += found->value;
        }
      });
  return out;
}

std::vector<std::string> references(std::string_view text) {
  std::vector<std::string> out;
  scan(
      text, [](std::string_view) {},
      [&](std::string_view name, std::string_view) { out.emplace_back(name); });
  return out;
}

namespace {

// Bounds for hostile input: values that refer to each other twice double at every step.
constexpr std::size_t depth_limit = 500;
constexpr std::size_t size_limit = 1u << 20;

// Depth-first walk over references: a variable is expanded after everything it refers to.
class expander {
 public:
  explicit expander(variable_list const& in) : in_(in), marks_(in.items().size(), mark::fresh) {}

  sorted_expansion run() {
    sorted_expansion out;
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      if (!visit(i)) return {in_, std::move(cycle_)};
    }
    for (variable const& v : in_.items()) out.variables.set(*done_.find(v.key));
    return out;
  }

 private:
  enum class mark { fresh, open, closed };

  bool visit(std::size_t place) {
    variable v = in_.items()[place];
    if (marks_[place] == mark::closed) return true;
    if (marks_[place] == mark::open) {
      auto const begin = std::ranges::find(path_, v.key);
      cycle_.assign(begin, path_.end());
      return false;
    }
    marks_[place] = mark::open;
    path_.push_back(v.key);
    if (path_.size() > depth_limit) return give_up();
    bool const expandable = !v.raw && !v.file;
    if (expandable) {
      for (std::string const& name : references(v.value)) {
        // A variable that only mentions itself is left as it is, not a circle.
        if (name == v.key || !in_.find(name)) continue;
        if (!visit(place_of(name))) return false;
      }
      v.value = expand(v.value, done_, undefined_reference::keep);
      if (v.value.size() > size_limit) return give_up();
    }
    path_.pop_back();
    marks_[place] = mark::closed;
    done_.set(std::move(v));
    return true;
  }

  bool give_up() {
    cycle_ = path_;
    return false;
  }

  std::size_t place_of(std::string_view name) const {
    return static_cast<std::size_t>(in_.find(name) - in_.items().data());
  }

  variable_list const& in_;
  variable_list done_;
  std::vector<mark> marks_;
  std::vector<std::string> path_;
  std::vector<std::string> cycle_;
};

}  // namespace

sorted_expansion expand_all(variable_list const& in) { return expander(in).run(); }

}  // namespace corunner::pipeline
