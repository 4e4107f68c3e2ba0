#include "runner/command/runners/answer_view.hpp"

#include "runner/command/text_table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace corunner {

namespace json = boost::json;

namespace {

// How a member becomes the text of a cell.
using cell_text = std::string (*)(json::object const& from, std::string_view key);

json::value const* member(json::object const& from, std::string_view key) {
  auto const* const value = from.if_contains(key);
  return value && !value->is_null() ? value : nullptr;
}

std::string plain(json::object const& from, std::string_view key) {
  auto const* const value = member(from, key);
  if (!value) return "";
  if (auto const* text = value->if_string()) return std::string(*text);
  if (auto const* on = value->if_bool()) return *on ? "yes" : "no";
  return json::serialize(*value);
}

bool is_true(json::object const& from, std::string_view key) {
  auto const* const value = member(from, key);
  return value && value->is_bool() && value->get_bool();
}

// "never_contacted" for people.
std::string words(json::object const& from, std::string_view key) {
  auto text = plain(from, key);
  std::ranges::replace(text, '_', ' ');
  return text;
}

std::string type(json::object const& from, std::string_view key) {
  auto const text = plain(from, key);
  return text.substr(0, text.find("_type"));
}

// A runner that is paused and away shows both.
std::string status(json::object const& from, std::string_view key) {
  auto const text = words(from, key);
  return is_true(from, "paused") && text != "paused" ? text + ", paused" : text;
}

std::string machine_status(json::object const& from, std::string_view key) {
  return words(from, key) + (plain(from, "job_execution_status") == "active" ? ", busy" : "");
}

// "2026-01-02T03:04:05.678Z" to the minute.
std::string moment(json::object const& from, std::string_view key) {
  auto text = plain(from, key).substr(0, 16);
  std::ranges::replace(text, 'T', ' ');
  return text;
}

std::string day(json::object const& from, std::string_view key) {
  return plain(from, key).substr(0, 10);
}

std::string seconds(json::object const& from, std::string_view key) {
  auto const* const value = member(from, key);
  if (!value || !value->is_number()) return "";
  auto const length = static_cast<std::int64_t>(value->to_number<double>());
  if (length < 60) return fmt::format("{} s", length);
  if (length < 3600) return fmt::format("{} min {:02} s", length / 60, length % 60);
  auto const hours = fmt::format("{} h", length / 3600);
  return length % 3600 < 60 ? hours : fmt::format("{} {:02} min", hours, length % 3600 / 60);
}

std::string list(json::object const& from, std::string_view key) {
  auto const* const value = member(from, key);
  if (!value || !value->is_array()) return "";
  std::string out;
  for (auto const& each : value->get_array()) {
    if (!out.empty()) out += ", ";
    if (auto const* text = each.if_string()) {
      out += *text;
    } else if (auto const* inner = each.if_object()) {
      auto const path = plain(*inner, "path_with_namespace");
      out +=
          fmt::format("{} ({})", path.empty() ? plain(*inner, "name") : path, plain(*inner, "id"));
    }
  }
  return out;
}

std::string user(json::object const& from, std::string_view key) {
  auto const* const value = member(from, key);
  return value && value->is_object() ? plain(value->get_object(), "username") : "";
}

std::string project(json::object const& from, std::string_view key) {
  auto const* const value = member(from, key);
  return value && value->is_object() ? plain(value->get_object(), "path_with_namespace") : "";
}

std::string platform(json::object const& from, std::string_view key) {
  auto const architecture = plain(from, "architecture");
  return architecture.empty() ? plain(from, key)
                              : fmt::format("{}/{}", plain(from, key), architecture);
}

// --- what is shown, column by column ---

struct column {
  std::string_view head;
  std::string_view key;
  cell_text text;
};

constexpr column runner_columns[] = {{"id", "id", plain},
                                     {"type", "runner_type", type},
                                     {"status", "status", status},
                                     {"jobs", "job_execution_status", plain},
                                     {"created", "created_at", day},
                                     {"description", "description", plain}};
constexpr column job_columns[] = {{"id", "id", plain},          {"status", "status", plain},
                                  {"took", "duration", seconds}, {"project", "project", project},
                                  {"ref", "ref", plain},         {"job", "name", plain}};
constexpr column manager_columns[] = {{"id", "id", plain},
                                      {"system id", "system_id", plain},
                                      {"status", "status", machine_status},
                                      {"version", "version", plain},
                                      {"platform", "platform", platform},
                                      {"contacted (UTC)", "contacted_at", moment}};
constexpr column project_columns[] = {{"id", "id", plain}, {"path", "path_with_namespace", plain}};

constexpr column runner_lines[] = {{"id", "id", plain},
                                   {"description", "description", plain},
                                   {"type", "runner_type", type},
                                   {"status", "status", status},
                                   {"jobs", "job_execution_status", plain},
                                   {"tags", "tag_list", list},
                                   {"untagged jobs", "run_untagged", plain},
                                   {"locked", "locked", plain},
                                   {"access level", "access_level", words},
                                   {"maximum timeout", "maximum_timeout", seconds},
                                   {"version", "version", plain},
                                   {"platform", "platform", platform},
                                   {"contacted (UTC)", "contacted_at", moment},
                                   {"created (UTC)", "created_at", moment},
                                   {"created by", "created_by", user},
                                   {"maintenance note", "maintenance_note", plain},
                                   {"groups", "groups", list},
                                   {"projects", "projects", list}};

std::span<column const> columns_of(view shows) {
  switch (shows) {
    case view::jobs: return job_columns;
    case view::managers: return manager_columns;
    case view::projects: return project_columns;
    default: return runner_columns;
  }
}

// Only those that mean the same in every table.
std::string status_style(std::size_t, std::string const& cell) {
  if (cell == "online" || cell == "success") return "32";
  if (cell == "failed" || cell == "offline" || cell == "stale") return "31";
  return cell.ends_with("paused") || cell == "never contacted" ? "33" : "";
}

}  // namespace

std::string list_text(view shows, std::vector<json::value> const& items, terminal const& screen,
                      std::size_t width) {
  if (items.empty()) return "";
  auto const all = columns_of(shows);
  std::vector<table_row> rows(1);
  for (column const& each : all) rows.front().emplace_back(each.head);
  for (auto const& item : items) {
    auto& row = rows.emplace_back();
    for (column const& each : all) {
      row.push_back(item.is_object() ? each.text(item.get_object(), each.key) : std::string());
    }
  }
  return columns(rows, screen, status_style, width);
}

std::string runner_text(json::object const& runner, terminal const& screen, std::size_t width) {
  std::size_t label = 0;
  for (column const& each : runner_lines) label = std::max(label, each.head.size());
  std::string out;
  for (column const& each : runner_lines) {
    auto const text = printable(each.text(runner, each.key));
    if (text.empty()) continue;
    out += screen.styled("1", fmt::format("{:<{}}", each.head, label)) + "  " +
           wrapped(text, width > label + 2 ? width - label - 2 : 0, label + 2) + '\n';
  }
  return out;
}

std::string runner_in_short(json::object const& runner) {
  auto const description = printable(plain(runner, "description"));
  return fmt::format("{} ({}{}{}, {})", plain(runner, "id"), description,
                     description.empty() ? "" : ", ", type(runner, "runner_type"),
                     status(runner, "status"));
}

std::string verified_text(json::object const& answer) {
  auto const expiry = moment(answer, "token_expires_at");
  return fmt::format("the token is that of runner {}, it {}", plain(answer, "id"),
                     expiry.empty() ? "does not expire" : "expires " + expiry + " UTC");
}

}  // namespace corunner
