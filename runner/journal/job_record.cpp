#include "runner/journal/job_record.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <fmt/format.h>
#include <libdeflate.h>

namespace corunner {

namespace {

namespace json = boost::json;

std::string sealed(json::object const& what) {
  auto const text = json::serialize(what);
  return fmt::format("{:08x} {}\n", libdeflate_crc32(0, text.data(), text.size()), text);
}

// The JSON of a line without its line feed; nothing when the line was torn.
std::optional<json::object> opened(std::string_view line) {
  constexpr std::size_t head = 9;
  if (line.size() < head) return std::nullopt;
  auto const text = line.substr(head);
  if (fmt::format("{:08x} ", libdeflate_crc32(0, text.data(), text.size())) !=
      line.substr(0, head)) {
    return std::nullopt;
  }
  boost::system::error_code ec;
  auto value = json::parse(text, ec);
  if (ec || !value.is_object()) return std::nullopt;
  return std::move(value.as_object());
}

// A missing member, or one of another type (an older or a newer version wrote it), is the default.
template <class T>
T get(json::object const& from, std::string_view name) {
  auto const* const found = from.if_contains(name);
  if (found == nullptr) return T{};
  auto const value = json::try_value_to<T>(*found);
  return value ? *value : T{};
}

constexpr std::pair<exec::leftover::kind, std::string_view> leftover_names[] = {
    {exec::leftover::kind::processes, "processes"},
    {exec::leftover::kind::control_group, "control_group"},
    {exec::leftover::kind::directory, "directory"},
    {exec::leftover::kind::git_locks, "git_locks"},
};

std::string_view name_of(exec::leftover::kind what) {
  for (auto const& [kind, name] : leftover_names) {
    if (kind == what) return name;
  }
  return "";
}

// What a newer version leaves behind, only that one can remove.
std::optional<exec::leftover> read_leftover(json::object const& from) {
  auto const kind = get<std::string>(from, "what");
  for (auto const& [what, name] : leftover_names) {
    if (name == kind) return exec::leftover{what, get<std::string>(from, "name")};
  }
  return std::nullopt;
}

job_record read_began(json::object const& from) {
  job_record out;
  out.job.id = get<std::int64_t>(from, "job");
  out.job.token = secret(get<std::string>(from, "token"));
  out.project = get<std::int64_t>(from, "project");
  out.url = get<std::string>(from, "url");
  out.tls.ca_file = get<std::string>(from, "ca_file");
  out.tls.certificate_file = get<std::string>(from, "certificate_file");
  out.tls.key_file = get<std::string>(from, "key_file");
  out.runner = get<std::string>(from, "runner");
  out.runner_name = get<std::string>(from, "runner_name");
  out.timestamps = get<bool>(from, "timestamps");
  out.debug_trace = get<bool>(from, "debug_trace");
  out.machine_start = get<std::string>(from, "machine_start");
  out.final_update_tries = get<unsigned>(from, "final_update_tries");
  out.taken = net::time_source::wall_time(std::chrono::seconds(get<std::int64_t>(from, "taken")));
  return out;
}

json::object members_of(job_end const& how) {
  return {{"success", how.success},
          {"reason", to_string(how.reason)},
          {"exit_code", how.exit_code},
          {"runtime_environment_key", how.runtime_environment_key}};
}

job_end read_end(json::object const& from) {
  job_end out;
  out.success = get<bool>(from, "success");
  out.reason = gitlab::parse_failure_reason(get<std::string>(from, "reason"))
                   .value_or(gitlab::failure_reason::none);
  out.exit_code = get<std::int32_t>(from, "exit_code");
  out.runtime_environment_key = get<std::string>(from, "runtime_environment_key");
  return out;
}

void read_line(json::object const& line, job_record& into) {
  if (auto const* const created = line.if_contains("created"); created && created->is_object()) {
    if (auto what = read_leftover(created->as_object())) into.created.push_back(std::move(*what));
  }
  if (line.contains("accepted")) into.accepted = true;
  if (line.contains("acknowledged")) into.acknowledged = get<std::uint64_t>(line, "acknowledged");
  if (auto const* const ended = line.if_contains("ended"); ended && ended->is_object()) {
    into.end = read_end(ended->as_object());
  }
  if (line.contains("recovered")) {
    into.marks.clear();
    into.ended_by_restart = get<bool>(line, "by_restart");
    into.log_damaged = get<bool>(line, "damaged");
  }
  if (line.contains("size")) {
    into.marks.push_back({get<std::uint64_t>(line, "size"), get<std::string>(line, "checksum")});
  }
}

}  // namespace

std::string began_line(job_record const& job) {
  json::object const what{{"job", job.job.id},
                          {"token", job.job.token.reveal()},
                          {"project", job.project},
                          {"url", job.url},
                          {"ca_file", job.tls.ca_file.string()},
                          {"certificate_file", job.tls.certificate_file.string()},
                          {"key_file", job.tls.key_file.string()},
                          {"runner", job.runner},
                          {"runner_name", job.runner_name},
                          {"timestamps", job.timestamps},
                          {"debug_trace", job.debug_trace},
                          {"machine_start", job.machine_start},
                          {"final_update_tries", job.final_update_tries},
                          {"taken", std::chrono::system_clock::to_time_t(job.taken)}};
  return sealed({{"began", what}});
}

std::string accepted_line() { return sealed({{"accepted", true}}); }

std::string created_line(exec::leftover const& what) {
  return sealed({{"created", {{"what", name_of(what.what)}, {"name", what.name}}}});
}

std::string acknowledged_line(std::uint64_t bytes, log_mark const& log) {
  return sealed({{"acknowledged", bytes}, {"size", log.size}, {"checksum", log.checksum}});
}

std::string ended_line(job_end const& how, log_mark const& log) {
  return sealed({{"ended", members_of(how)}, {"size", log.size}, {"checksum", log.checksum}});
}

std::string recovered_line(job_record const& job, log_mark const& log) {
  json::object line{{"ended", members_of(*job.end)},
                    {"recovered", true},
                    {"by_restart", job.ended_by_restart},
                    {"damaged", job.log_damaged},
                    {"size", log.size},
                    {"checksum", log.checksum}};
  return sealed(line);
}

std::optional<job_record> read_record(std::string_view text) {
  std::optional<job_record> out;
  while (!text.empty()) {
    auto const end = text.find('\n');
    if (end == std::string_view::npos) break;
    auto const line = opened(text.substr(0, end));
    text.remove_prefix(end + 1);
    if (!line) continue;
    if (out) {
      read_line(*line, *out);
    } else if (auto const* const began = line->if_contains("began"); began && began->is_object()) {
      out = read_began(began->as_object());
    }
  }
  if (out && (out->job.id <= 0 || out->job.token.empty() || out->url.empty())) out.reset();
  return out;
}

}  // namespace corunner
