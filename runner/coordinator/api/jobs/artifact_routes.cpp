#include "runner/coordinator/api/access/authorization.hpp"
#include "runner/coordinator/api/body/file_answer.hpp"
#include "runner/coordinator/api/body/multipart.hpp"
#include "runner/coordinator/api/body/upload_file.hpp"
#include "runner/coordinator/api/body/utf8_text.hpp"
#include "runner/coordinator/api/dispatch.hpp"
#include "runner/coordinator/api/jobs/dotenv.hpp"
#include "runner/coordinator/api/jobs/expire_in.hpp"
#include "runner/coordinator/api/routes.hpp"
#include "runner/coordinator/context.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>

namespace corunner::coordinator {

namespace {

constexpr std::size_t piece = 256 * 1024;

constexpr std::string_view known_types[] = {"archive",
                                            "metadata",
                                            "trace",
                                            "junit",
                                            "metrics",
                                            "metrics_referee",
                                            "network_referee",
                                            "dotenv",
                                            "cobertura",
                                            "jacoco",
                                            "cyclonedx",
                                            "annotations",
                                            "repository_xray",
                                            "cluster_applications",
                                            "lsif",
                                            "scip",
                                            "accessibility",
                                            "codequality",
                                            "terraform",
                                            "sast",
                                            "secret_detection",
                                            "dependency_scanning",
                                            "container_scanning",
                                            "cluster_image_scanning",
                                            "dast",
                                            "license_scanning",
                                            "coverage_fuzzing",
                                            "api_fuzzing",
                                            "performance",
                                            "browser_performance",
                                            "load_performance",
                                            "requirements",
                                            "requirements_v2",
                                            "sarif",
                                            "coverage_report"};

// A job's upload goes on: a second one of the same job waits its turn with a 409.
struct busy_mark {
  busy_mark(std::set<std::int64_t>& all, std::int64_t job) : all_(all), job_(job) {
    all_.insert(job_);
  }
  ~busy_mark() { all_.erase(job_); }
  busy_mark(busy_mark const&) = delete;
  std::set<std::int64_t>& all_;
  std::int64_t job_;
};

struct received_file {
  std::string filename;
  reply refusal;
  bool readable = true;  // names and fields are texts
  bool ok = false;
};

// Reads the body into `file`; plain fields of the form become parameters.
awaitable<received_file> receive(context& in, api_request& request, upload_file& file) {
  received_file got;
  auto const boundary = boundary_of(request.field("Content-Type"));
  if (boundary.empty()) {
    got.refusal = error_reply(400, "file is missing");
    co_return got;
  }
  multipart_parser parser(boundary);
  bool in_file = false;
  std::string key;
  std::string value;
  std::string bytes;
  bool seen = false;
  parser.part_begins = [&](multipart_part const& part) {
    in_file = part.name == "file" && !seen;
    seen = seen || in_file;
    got.readable = got.readable && is_utf8(part.name) && is_utf8(part.filename);
    if (in_file) got.filename = part.filename;
    key = part.name;
    value.clear();
  };
  parser.part_data = [&](std::string_view data) {
    if (in_file) {
      bytes.append(data);
    } else if (value.size() + data.size() <= 64 * 1024) {
      value.append(data);
    }
  };
  parser.part_ends = [&] {
    if (in_file || key.empty() || key == "file") return;
    got.readable = got.readable && is_utf8(value);
    if (got.readable) request.params.add(key, boost::json::value(value));
  };

  std::vector<char> buffer(piece);
  while (true) {
    auto const read = co_await request.exchange.read_some(asio::buffer(buffer));
    if (!read) co_return got;
    if (*read == 0) break;
    if (!parser.feed({buffer.data(), *read})) {
      got.refusal = error_reply(400, "file is invalid");
      co_return got;
    }
    if (file.size() + bytes.size() > in.options.artifact_limit) {
      got.refusal = message_reply(413, "file size has reached maximum size limit");
      co_return got;
    }
    if (bytes.empty()) continue;
    auto const failed = co_await file.write(std::exchange(bytes, {}));
    if (failed) {
      got.refusal =
          message_reply(503, fmt::format("cannot store the artifact: {}", failed.message()));
      co_return got;
    }
  }
  if (!seen || !parser.finished()) {
    got.refusal = error_reply(400, "file is missing");
    co_return got;
  }
  if (!got.readable) {
    got.refusal = error_reply(400, "file is invalid");
    co_return got;
  }
  got.ok = true;
  co_return got;
}

// Dotenv reports become variables of the job; the refusal when they cannot.
std::optional<reply> take_dotenv(context& in, job_record const& job, upload_file const& file) {
  std::ifstream stream(file.path(), std::ios::binary);
  std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(file.size(), 64 * 1024)),
                    '\0');
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  auto const report = parse_gzipped_dotenv(bytes);
  if (!report.refusal.empty()) return message_reply(400, report.refusal);
  for (auto const& variable : report.variables) in.data.jobs.set_variable(job.id, variable);
  return std::nullopt;
}

reply store(context& in, api_request& request, job_record const& job, upload_file& file,
            received_file const& got) {
  artifact_record artifact;
  artifact.job_id = job.id;
  artifact.type = request.params.text("artifact_type").value_or("archive");
  artifact.format = request.params.text("artifact_format").value_or("zip");
  artifact.filename =
      std::filesystem::path(got.filename.empty() ? "artifacts.zip" : got.filename).filename();
  artifact.sha256 = file.digest();
  artifact.size = static_cast<std::int64_t>(file.size());
  artifact.created_at = in.now();
  if (auto const known = in.data.artifacts.find(job.id, artifact.type)) {
    if (known->sha256 == artifact.sha256) return number_reply(201);
    return message_reply(400, "another artifact of the same type already exists");
  }
  if (auto const kept = parse_expire_in(request.params.text("expire_in").value_or(""))) {
    artifact.expire_at = artifact.created_at + std::chrono::milliseconds(*kept).count();
  }
  transaction all(in.data.db);
  if (artifact.type == "dotenv") {
    if (auto refusal = take_dotenv(in, job, file)) return std::move(*refusal);
  }
  artifact.path = fmt::format("artifacts/{}/{}", job.id, artifact.type);
  if (auto const failed = file.keep(in.options.state_dir / artifact.path)) {
    return message_reply(503, fmt::format("cannot store the artifact: {}", failed.message()));
  }
  in.data.artifacts.add(artifact);
  all.commit();
  return number_reply(201);
}

bool is_known_type(std::string const& type) {
  return std::find(std::begin(known_types), std::end(known_types), type) != std::end(known_types);
}

// POST /jobs/:id/artifacts (runners-api.md 5.7)
awaitable<void> upload(context& in, api_request& request) {
  auto job = admit_job(in, request);
  if (job) {
    auto const type = request.params.text("artifact_type").value_or("archive");
    if (!is_known_type(type)) request.params.fault("artifact_type does not have a valid value");
    request.params.choice("artifact_format", {"raw", "zip", "gzip", "zipzstd", "tarzstd"});
    if (!request.params.good()) job = {{}, error_reply(400, request.params.faults())};
  }
  if (job && in.busy.contains(job->id)) {
    job = {{}, message_reply(409, "409 Conflict: Resource lock")};
  }
  if (!job) {
    co_await send(request.exchange, std::move(job.refusal));
    co_return;
  }
  busy_mark const mark(in.busy, job->id);
  upload_file file(in.pool, in.options.state_dir / "artifacts");
  auto got = co_await receive(in, request, file);
  if (!got.ok && got.refusal.body.empty()) co_return request.exchange.drop();
  // The job may have ended while its artifacts came.
  auto again = admit_job(in, request);
  reply answer = !got.ok ? std::move(got.refusal)
                 : again ? store(in, request, *again, file, got)
                         : std::move(again.refusal);
  co_await send(request.exchange, std::move(answer));
}

// GET /jobs/:id/artifacts: the token is the downloading job's.
awaitable<void> download(context& in, api_request& request) {
  auto const reader = job_of_token(in, job_token_of(request));
  auto const job = in.data.jobs.find(request.number(0).value_or(0));
  reply refusal;
  std::optional<artifact_record> archive;
  if (!reader) {
    refusal = unauthorized();
  } else if (job && job->project_id != reader->project_id) {
    refusal = forbidden();
  } else if (job) {
    archive = in.data.artifacts.find(job->id, "archive");
  }
  if (archive && archive->expire_at && *archive->expire_at <= in.now()) archive.reset();
  if (!archive) {
    co_await send(request.exchange,
                  reader && refusal.body.empty() ? not_found() : std::move(refusal));
    co_return;
  }
  file_answer what;
  what.path = in.options.state_dir / archive->path;
  what.filename = archive->filename;
  co_await send_file(in.pool, request.exchange, std::move(what));
}

reply refuse_authorize(context&, api_request&) { return forbidden(); }

constexpr route table[] = {
    {"POST", "/jobs/:id/artifacts", "upload_artifacts", upload, 0},
    {"GET", "/jobs/:id/artifacts", "download_artifacts", download},
    {"POST", "/jobs/:id/artifacts/authorize", "upload_artifacts", refuse_authorize},
};

}  // namespace

std::span<route const> artifact_routes() { return table; }

}  // namespace corunner::coordinator
