#include "runner/coordinator/pipeline_start.hpp"

#include "runner/coordinator/context.hpp"

#include <fmt/format.h>

namespace corunner::coordinator {

namespace {

void fill_source(context& in, project_record const& project, pipeline::pipeline_source& source) {
  source.project.id = project.id;
  source.project.namespace_id = project.group_id;
  if (source.project.path.empty()) source.project.path = project.path;
  if (source.server.url.empty()) source.server.url = in.url();
  if (source.server.coordinator_url.empty()) source.server.coordinator_url = in.url();
  if (source.user.login.empty()) {
    if (auto const user = in.data.access.find_user(1)) {
      source.user = {user->id, user->username, user->email, user->name};
    }
  }
}

// What a project without a repository holds.
class no_files final : public pipeline::file_reader {
 public:
  std::optional<std::string> read(std::string_view) override { return std::nullopt; }
  std::vector<std::string> list() override { return {}; }
};

std::string words_of(pipeline::evaluation const& evaluation) {
  if (!evaluation.errors.empty()) return pipeline::to_string(evaluation.errors);
  return evaluation.note;
}

}  // namespace

std::filesystem::path git_dir_of(context const& in, std::int64_t project) {
  return in.options.state_dir / "git" / fmt::format("{}.git", project);
}

awaitable<start_outcome> start_pipeline(context& in, std::int64_t project_id, pipeline::plan plan,
                                        snapshot from) {
  auto const project = in.data.projects.find(project_id);
  if (!project) co_return start_outcome{0, fmt::format("there is no project {}", project_id)};
  if (plan.jobs.empty()) co_return start_outcome{0, "the pipeline has no jobs"};
  fill_source(in, *project, plan.source);
  pipeline_record pipeline;
  pipeline.project_id = project_id;
  pipeline.source = plan.source.kind;
  pipeline.ref = plan.source.commit.ref;
  pipeline.tag = plan.source.commit.is_tag;
  pipeline.sha = plan.source.commit.sha;
  pipeline.before_sha = plan.source.commit.before_sha;
  pipeline.git_dir = from.git_dir.string();
  in.board.add(pipeline, std::move(plan));
  auto const failure = publish_snapshot(from, pipeline.id, !in.options.in_memory);
  in.git_answers.forget();
  if (!failure.empty()) {
    in.board.cancel_pipeline(pipeline.id);
    co_return start_outcome{0, failure};
  }
  in.board.start(pipeline.id);
  co_return start_outcome{pipeline.id, {}};
}

namespace {

awaitable<snapshot_outcome> snapshot_of(context& in, project_record const& project,
                                        std::string ref) {
  snapshot_options how;
  how.directory = project.repository;
  how.git_dir = git_dir_of(in, project.id);
  how.ref = std::move(ref);
  co_return co_await take_snapshot(in.git_tool, std::move(how));
}

pipeline::pipeline_source source_for(context& in, project_record const& project,
                                     snapshot const& from) {
  auto source = source_of(from);
  source.kind = "api";
  source.project.path = project.path;
  source.project.default_branch = project.default_branch;
  source.commit.ref_protected =
      !source.commit.is_tag && source.commit.ref == project.default_branch;
  fill_source(in, project, source);
  return source;
}

}  // namespace

awaitable<start_outcome> create_pipeline(context& in, pipeline_wish wish) {
  auto const project = in.data.projects.find(wish.project);
  if (!project || project->repository.empty()) {
    co_return start_outcome{0, "the project has no repository on this machine"};
  }
  auto outcome = co_await snapshot_of(in, *project, wish.ref);
  if (!outcome.taken) co_return start_outcome{0, outcome.failure};
  auto source = source_for(in, *project, *outcome.taken);
  source.pipeline_variables = std::move(wish.variables);
  auto evaluation = co_await evaluate_snapshot(in.git_tool, *outcome.taken, std::move(source));
  if (evaluation.outcome != pipeline::verdict::planned) {
    co_return start_outcome{0, words_of(evaluation)};
  }
  co_return co_await start_pipeline(in, wish.project, std::move(evaluation.plan),
                                    std::move(*outcome.taken));
}

awaitable<judgement> judge_configuration(context& in, project_record project, std::string ref,
                                         std::string text) {
  judgement made;
  if (project.repository.empty()) {
    snapshot nothing;
    nothing.ref = ref.empty() ? project.default_branch : ref;
    nothing.sha = std::string(40, '0');
    no_files files;
    made.found = pipeline::evaluate(text, files, source_for(in, project, nothing));
    co_return made;
  }
  auto outcome = co_await snapshot_of(in, project, std::move(ref));
  if (!outcome.taken) {
    made.failure = outcome.failure;
    co_return made;
  }
  auto source = source_for(in, project, *outcome.taken);
  made.found =
      co_await evaluate_snapshot(in.git_tool, *outcome.taken, std::move(source), std::move(text));
  co_return made;
}

}  // namespace corunner::coordinator
