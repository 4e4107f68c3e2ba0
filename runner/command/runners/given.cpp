#include "runner/command/runners/given.hpp"

#include "config/field.hpp"
#include "config/suggest.hpp"
#include "net/url.hpp"
#include "runner/command/token_input.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace corunner {

namespace json = boost::json;

namespace {

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    auto const part = text.substr(0, text.find(at));
    parts.push_back(part);
    text.remove_prefix(std::min(text.size(), part.size() + 1));
  }
  return parts;
}

std::string_view trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t value = 0;
  auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

config::outcome<json::value> choice_of(parameter const& what, std::string_view text) {
  auto const all = split(what.choices, '|');
  for (auto const each : all) {
    if (text == each || (each.ends_with("_type") && text == each.substr(0, each.size() - 5))) {
      return json::value(each);
    }
  }
  auto const near = config::nearest(text, all);
  return config::failure{fmt::format("expected {}{}", fmt::join(all, ", "),
                                     near ? fmt::format("; did you mean '{}'?", *near) : "")};
}

config::outcome<json::value> value_of(parameter const& what, std::string_view text) {
  switch (what.takes) {
    case shape::choice: return choice_of(what, text);
    case shape::number:
      if (text == "none") return json::value(nullptr);
      if (auto const number = number_of(text)) return json::value(*number);
      return config::failure{"expected a number"};
    case shape::boolean:
      if (auto const on = config::parse_bool(text)) return json::value(*on);
      return config::failure{"expected true or false"};
    case shape::tags: {
      json::array tags;
      for (auto const each : split(text, ',')) {
        if (auto const tag = trimmed(each); !tag.empty()) tags.emplace_back(tag);
      }
      return json::value(std::move(tags));
    }
    case shape::text: break;
  }
  return json::value(text);
}

// As a value of a query.
std::string in_query(json::value const& value) {
  if (auto const* text = value.if_string()) return net::percent_encode(*text);
  if (auto const* on = value.if_bool()) return *on ? "true" : "false";
  if (auto const* number = value.if_int64()) return std::to_string(*number);
  std::string out;
  if (auto const* tags = value.if_array()) {
    for (auto const& each : *tags) out += (out.empty() ? "" : ",") + std::string(each.as_string());
  }
  return net::percent_encode(out);
}

bool mentions(route const& way, std::string_view what) {
  return way.path.find(what) != std::string_view::npos ||
         way.fields.find(what) != std::string_view::npos;
}

// The flag that says so.
std::string_view name_of(aim about) {
  switch (about) {
    case aim::all: return "--all";
    case aim::instance: return "--instance";
    case aim::project: return "--project";
    case aim::group: return "--group";
    case aim::token: return "--token-file";
    case aim::runner: return "the number of a runner (`corunner runners list` shows them)";
    case aim::own: break;
  }
  return "";
}

std::string missing(operation const& what) {
  std::vector<std::string_view> names;
  for (route const& each : what.routes) names.push_back(name_of(each.about));
  return fmt::format("it takes {}", fmt::join(names, " or "));
}

std::string with_numbers(std::string_view path, given const& by, std::int64_t runner) {
  std::vector<std::string> segments;
  for (auto const each : split(path, '/')) {
    if (each == ":id") {
      segments.push_back(std::to_string(runner));
    } else if (each == ":project" || each == ":group") {
      segments.push_back(net::percent_encode(each == ":project" ? by.project : by.group));
    } else {
      segments.emplace_back(each);
    }
  }
  return fmt::format("{}", fmt::join(segments, "/"));
}

json::value field_value(std::string_view text, given const& by, std::int64_t runner) {
  if (text == ":id") return runner;
  if (text == ":project") return number_of(by.project).value_or(0);
  if (text == ":group") return number_of(by.group).value_or(0);
  if (text == ":token") return json::value(by.runner_token.reveal());
  if (text == "true" || text == "false") return text == "true";
  return json::value(text);
}

}  // namespace

std::optional<config::failure> take_value(given& into, parameter const& what,
                                          std::string_view text) {
  auto value = value_of(what, text);
  if (!value) return value.error();
  auto const same =
      std::ranges::find(into.values, &what, [](auto const& each) { return each.first; });
  if (same == into.values.end()) {
    into.values.emplace_back(&what, *std::move(value));
  } else if (what.takes == shape::tags) {
    for (auto& each : value->as_array()) same->second.as_array().push_back(std::move(each));
  } else {
    same->second = *std::move(value);
  }
  return std::nullopt;
}

std::optional<config::failure> take_field(given& into, operation const& of, std::string_view field,
                                          std::string_view text) {
  auto const what = std::ranges::find(of.parameters, field, &parameter::field);
  if (what == of.parameters.end()) return config::failure{fmt::format("there is no '{}'", field)};
  auto why = take_value(into, *what, text);
  if (why) {
    why->message =
        fmt::format("--{}: {}", what->flag.substr(0, what->flag.find(',')), why->message);
  }
  return why;
}

config::outcome<std::vector<std::int64_t>> runner_numbers(
    std::vector<std::string> const& arguments) {
  std::vector<std::int64_t> numbers;
  for (auto const& each : arguments) {
    if (looks_like_token(each)) {
      return config::failure{
          "a token is no number of a runner, and on a command line everybody sees it: use "
          "--token-file where the command has it"};
    }
    auto const number = number_of(each);
    if (!number) {
      return config::failure{fmt::format(
          "'{}' is no number of a runner; `corunner runners list` shows the numbers", each)};
    }
    numbers.push_back(*number);
  }
  return numbers;
}

config::outcome<route const*> choose_route(operation const& what, given const& by) {
  std::vector<aim> aims;
  if (by.all) aims.push_back(aim::all);
  if (by.instance) aims.push_back(aim::instance);
  if (!by.project.empty()) aims.push_back(aim::project);
  if (!by.group.empty()) aims.push_back(aim::group);
  if (!by.runner_token.empty()) aims.push_back(aim::token);
  if (aims.size() > 1) {
    return config::failure{
        fmt::format("{} and {} exclude each other", name_of(aims[0]), name_of(aims[1]))};
  }
  if (aims.empty()) aims.push_back(what.has(aim::own) ? aim::own : aim::runner);
  auto const way = std::ranges::find(what.routes, aims.front(), &route::about);
  if (way == what.routes.end()) return config::failure{missing(what)};
  bool const takes_runners = mentions(*way, ":id");
  if (takes_runners && by.runners.empty()) {
    return config::failure{way->about == aim::runner
                               ? missing(what)
                               : fmt::format("it takes {}", name_of(aim::runner))};
  }
  if (!takes_runners && !by.runners.empty()) {
    return config::failure{fmt::format("with {} it takes no number of a runner, found '{}'",
                                       way->about == aim::own ? "no flag" : name_of(way->about),
                                       by.runners.front())};
  }
  bool const one_only = what.lists || what.shows == view::token;
  if (one_only && by.runners.size() > 1) return config::failure{"it takes one runner at a time"};
  if (what.needs_parameter && by.values.empty()) {
    std::vector<std::string> names;
    for (parameter const& each : what.parameters) {
      names.push_back("--" + std::string(each.flag.substr(0, each.flag.find(','))));
    }
    return config::failure{
        fmt::format("nothing to change: give one or more of {}", fmt::join(names, ", "))};
  }
  return &*way;
}

std::string number_lookup(route const& way, given const& by) {
  if (way.fields.find(":project") != std::string_view::npos && !number_of(by.project)) {
    return "projects/" + net::percent_encode(by.project);
  }
  if (way.fields.find(":group") != std::string_view::npos && !number_of(by.group)) {
    return "groups/" + net::percent_encode(by.group);
  }
  return "";
}

void put_number(route const& way, given& by, std::int64_t number) {
  (way.about == aim::project ? by.project : by.group) = std::to_string(number);
}

std::vector<gitlab::management_call> plan_calls(operation const& what, route const& way,
                                                given const& by) {
  std::vector<gitlab::management_call> calls;
  auto const runners = by.runners.empty() ? std::vector<std::int64_t>{0} : by.runners;
  for (auto const runner : runners) {
    auto& call = calls.emplace_back();
    call.method = what.method;
    call.path = with_numbers(way.path, by, runner);
    call.only_once = what.only_once;
    for (auto const field : split(way.fields, ' ')) {
      auto const equals = field.find('=');
      call.body[field.substr(0, equals)] = field_value(field.substr(equals + 1), by, runner);
    }
    for (auto const& [parameter, value] : by.values) {
      if (what.method != "GET") {
        call.body[parameter->field] = value;
        continue;
      }
      if (!call.query.empty()) call.query += '&';
      call.query += fmt::format("{}={}", parameter->field, in_query(value));
    }
  }
  return calls;
}

}  // namespace corunner
