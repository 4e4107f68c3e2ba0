#include "runner/artifact/chosen_files.hpp"

#include "runner/artifact/archiver_settings.hpp"
#include "runner/artifact/expand_word.hpp"
#include "runner/artifact/untracked_files.hpp"

#include <fmt/format.h>

namespace corunner {
namespace {

// An archive that cannot be made, for a reason known before.
class failing_source final : public exec::archive_source {
 public:
  explicit failing_source(std::string why) { failure_ = std::move(why); }
  awaitable<result<std::size_t>> read_some(asio::mutable_buffer) override {
    co_return error_code(asio::error::invalid_argument);
  }
};

void expand(artifact_context& context, std::vector<std::string>& paths) {
  for (auto& path : paths) {
    auto word = expand_word(path, context.variables);
    if (!word.failure.empty()) context.log.warning("invalid path \"\": " + word.failure);
    path = std::move(word.value);
  }
}

}  // namespace

std::size_t log_notes(artifact_context& context, exec::file_selection const& selection,
                      std::size_t from) {
  auto const& notes = selection.notes();
  for (; from < notes.size(); ++from) {
    context.log.log(notes[from].warning ? log_level::warning : log_level::info, notes[from].text);
  }
  return from;
}

awaitable<exec::file_selection> choose_files(artifact_context& context, file_choice choice) {
  expand(context, choice.paths);
  expand(context, choice.excludes);
  auto look = [root = context.working_directory, paths = std::move(choice.paths),
               excludes = std::move(choice.excludes)] {
    exec::file_selection selection(root, excludes);
    for (auto const& path : paths) selection.add_path(path);
    return selection;
  };
  auto selection = co_await net::on_pool(context.pool, std::move(look));
  auto told = log_notes(context, selection);
  if (choice.untracked) {
    auto const listing = co_await untracked_files(context);
    auto add = [&selection, &listing] {
      if (listing.failure.empty()) {
        selection.add_untracked(listing.names);
      } else {
        selection.note(true, "untracked: " + listing.failure);
      }
    };
    co_await net::on_pool(context.pool, std::move(add));
  }
  selection.finish();
  log_notes(context, selection, told);
  co_return selection;
}

std::shared_ptr<exec::archive_plan const> plan_archive(artifact_context& context,
                                                       std::vector<exec::archive_entry> entries,
                                                       exec::archive_format format,
                                                       std::string const& level) {
  auto made = std::make_shared<exec::archive_plan>();
  made->root = context.working_directory;
  made->entries = std::move(entries);
  made->format = format;
  auto const known = exec::parse_compression_level(level);
  if (!known) {
    context.log.warning(
        fmt::format("compression level \"{}\" is invalid, falling back to default", level));
  }
  made->level = known.value_or(exec::compression_level::normal);
  made->workers = packing_settings(context.variables).workers;
  return made;
}

std::unique_ptr<exec::archive_source> pack(asio::any_io_executor loop, artifact_context& context,
                                           std::shared_ptr<exec::archive_plan const> plan) {
  bool const zip =
      plan->format == exec::archive_format::zip || plan->format == exec::archive_format::zip_zstd;
  auto why = zip ? packing_settings(context.variables).failure : std::string();
  if (!why.empty()) return std::make_unique<failing_source>(std::move(why));
  return exec::open_archive(loop, context.pool, std::move(plan));
}

}  // namespace corunner
