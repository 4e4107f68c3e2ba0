#include "runner/artifact/provenance.hpp"

#include "config/field.hpp"
#include "exec/archive/input_file.hpp"
#include "exec/archive/safe_tree.hpp"
#include "exec/archive/utf8.hpp"
#include "exec/archive/write_all.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>
#include <openssl/evp.h>

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <stdexcept>

namespace corunner {
namespace {

namespace json = boost::json;

constexpr std::size_t piece = 1 << 20;

json::string text(std::string_view from) { return json::string(from.data(), from.size()); }

struct digest_freer {
  void operator()(EVP_MD_CTX* made) const { EVP_MD_CTX_free(made); }
};

std::optional<std::string> digest_of(exec::input_file const& file, std::string& failure) {
  std::unique_ptr<EVP_MD_CTX, digest_freer> const sum(EVP_MD_CTX_new());
  if (!sum || EVP_DigestInit_ex(sum.get(), EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 is not available");
  }
  for (std::uint64_t at = 0;;) {
    auto const bytes = file.read(at, piece, failure);
    if (!bytes) return std::nullopt;
    if (bytes->empty()) break;
    EVP_DigestUpdate(sum.get(), bytes->data(), bytes->size());
    at += bytes->size();
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  EVP_DigestFinal_ex(sum.get(), digest.data(), &size);
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

// With a fraction of three, six or nine digits, as protobuf's JSON has it.
std::string with_even_fraction(std::string when) {
  auto const point = when.find('.');
  if (point == std::string::npos) return when;
  auto const digits = when.size() - point - 2;  // not the Z
  when.insert(when.size() - 1, (3 - digits % 3) % 3, '0');
  return when;
}

// RFC 3339 to the letter: config's own reader takes TOML's freer forms, too.
bool is_strict(std::string const& given) {
  return given.size() >= 20 && given[10] == 'T' && given[16] == ':' && given.back() != 'z';
}

// The time as the statement has it; empty with `failure` set when it is none.
std::string timestamp(std::string const& given, std::string& failure) {
  auto const when = config::parse_timestamp(given);
  if (!when || !is_strict(given)) {
    failure = fmt::format(
        "parsing time \"{0}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{0}\"", given);
    return {};
  }
  return with_even_fraction(config::format_timestamp(*when));
}

json::array subjects_of(file_digests const& files) {
  json::array subjects;
  for (auto const& [path, digest] : files) {
    json::object subject;
    subject["name"] = text(path);
    subject["digest"] = json::object{{"sha256", text(digest)}};
    subjects.push_back(std::move(subject));
  }
  return subjects;
}

json::object definition_of(provenance_options const& options, provenance_facts const& facts) {
  // GitLab's own description of the parameters is what consumers look for.
  bool const released = facts.version.starts_with('v') || facts.revision.empty();
  auto const& revision = released ? facts.version : facts.revision;
  json::object external;
  for (auto const& name : options.parameters) external[name] = "";
  external["entryPoint"] = text(options.job_name);
  external["source"] = text(options.repo_url);
  json::object internal;
  internal["name"] = text(options.runner_name);
  internal["executor"] = text(options.executor_name);
  internal["architecture"] = text(facts.architecture);
  internal["job"] = text(std::to_string(facts.job_id));
  json::object source;
  if (!options.repo_url.empty()) source["uri"] = text(options.repo_url);
  source["digest"] = json::object{{"sha256", text(options.repo_digest)}};
  json::object definition;
  definition["buildType"] = text(fmt::format(
      "https://gitlab.com/gitlab-org/gitlab-runner/-/blob/{}/PROVENANCE.md", revision));
  definition["externalParameters"] = std::move(external);
  definition["internalParameters"] = std::move(internal);
  definition["resolvedDependencies"] = json::array{std::move(source)};
  return definition;
}

}  // namespace

provenance_statement make_statement(provenance_options const& options,
                                    provenance_facts const& facts, file_digests const& files) {
  provenance_statement made;
  auto const started = timestamp(options.started_at, made.failure);
  if (!made.failure.empty()) return made;
  auto const ended = timestamp(options.ended_at, made.failure);
  if (!made.failure.empty()) return made;
  json::object builder;
  builder["id"] = text(fmt::format("{}/-/runners/{}", options.repo_url, options.runner_id));
  builder["version"] = json::object{{"gitlab-runner", text(facts.version)}};
  json::object metadata;
  metadata["invocationId"] = text(std::to_string(facts.job_id));
  metadata["startedOn"] = text(started);
  metadata["finishedOn"] = text(ended);
  json::object details;
  details["builder"] = std::move(builder);
  details["metadata"] = std::move(metadata);
  json::object predicate;
  predicate["buildDefinition"] = definition_of(options, facts);
  predicate["runDetails"] = std::move(details);
  made.statement["_type"] = "https://in-toto.io/Statement/v0.1";
  // Left out when there is none, as protobuf's JSON does.
  if (!files.empty()) made.statement["subject"] = subjects_of(files);
  made.statement["predicateType"] = "https://slsa.dev/provenance/v1";
  made.statement["predicate"] = std::move(predicate);
  return made;
}

file_digests digest_files(std::string const& root, std::vector<exec::archive_entry> const& entries,
                          std::string& failure) {
  file_digests digests;
  for (auto const& entry : entries) {
    if (!entry.is_regular()) continue;
    if (!exec::is_utf8(entry.path)) {
      failure = "a file's name is not UTF-8 and cannot stand in the statement: " + entry.path;
      break;
    }
    auto const file = exec::input_file::open(root + "/" + entry.path, entry.path, failure);
    if (!file) break;
    auto digest = digest_of(*file, failure);
    if (!digest) break;
    digests.emplace_back(entry.path, std::move(*digest));
  }
  return digests;
}

std::string write_statement(std::string const& path, std::string const& content) {
  exec::owned_descriptor const made(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  int const error = made ? exec::write_all(made.get(), content) : errno;
  return error == 0 ? std::string() : exec::system_message("open", path, error);
}

}  // namespace corunner
