#include "exec/archive/zip_extract.hpp"

#include "exec/archive/ahead.hpp"
#include "exec/archive/lexical_path.hpp"
#include "exec/archive/unpack_budget.hpp"
#include "exec/archive/unpack_member.hpp"
#include "exec/archive/write_all.hpp"
#include "exec/archive/zip_directory.hpp"

#include <cerrno>
#include <map>
#include <unordered_map>
#include <vector>

namespace corunner::exec {
namespace {

constexpr std::size_t batch_members = 128;
constexpr std::uint64_t batch_bytes = 1 << 20;
constexpr std::uint64_t link_limit = 64 << 10;  // no system takes longer targets

// What the threads share; nothing of it changes while they work.
struct zip_job {
  std::shared_ptr<input_file const> file;
  std::string root;
  std::vector<zip_member> members;
  std::vector<bool> replaced;  // a later member has the same name
  std::string failure;
};

std::shared_ptr<zip_job const> read_job(std::shared_ptr<input_file const> file, std::string root) {
  auto job = std::make_shared<zip_job>();
  job->file = std::move(file);
  job->root = std::move(root);
  job->members = read_zip_directory(*job->file, job->failure);
  job->replaced.resize(job->members.size());
  // No member becomes more than it says.
  auto budget = unpack_budget::of(job->root, job->file->size());
  for (auto const& member : job->members) {
    if (job->failure.empty()) job->failure = budget.take(member.size);
  }
  std::unordered_map<std::string, std::size_t> last;
  for (std::size_t i = 0; i < job->members.size(); ++i) {
    if (job->members[i].what != zip_member::kind::file) continue;
    auto const [known, added] = last.try_emplace(clean_path(job->members[i].name), i);
    if (added) continue;
    job->replaced[known->second] = true;
    known->second = i;
  }
  return job;
}

std::string unpack_file(zip_job const& job, zip_member const& member, safe_tree& tree,
                        std::string const& path) {
  if (!can_unpack(member)) return unpack_member(*job.file, member, {});
  auto const made = tree.create_file(path);
  if (!made) return tree.failure();
  int error = 0;
  auto const why = unpack_member(*job.file, member, [&](std::string_view bytes) {
    error = write_all(made.get(), bytes);
    return error == 0;
  });
  if (error != 0) return system_message("write", tree.shown(path), error);
  if (!why.empty()) return why;
  if (!apply_metadata(made.get(), member.metadata)) {
    return system_message("chmod", tree.shown(path), errno);
  }
  return {};
}

// Files and directories of [first, last); links and what is special are for others.
std::string unpack_batch(zip_job const& job, std::size_t first, std::size_t last) {
  safe_tree tree(job.root);
  for (auto i = first; i < last && tree.ok(); ++i) {
    auto const& member = job.members[i];
    auto const path = tree.place(member.name);
    if (!path) return tree.failure();
    if (job.replaced[i]) continue;
    if (member.what == zip_member::kind::directory && !tree.make_directory(*path)) {
      return tree.failure();
    }
    if (member.what != zip_member::kind::file) continue;
    auto why = unpack_file(job, member, tree, *path);
    if (!why.empty()) return why;
  }
  return tree.ok() ? std::string() : tree.failure();
}

std::string make_links(zip_job const& job, safe_tree& tree) {
  for (auto const& member : job.members) {
    if (member.what != zip_member::kind::link) continue;
    auto const path = tree.place(member.name);
    if (!path) return tree.failure();
    if (member.size > link_limit) return system_message("symlink", tree.shown(*path), ENAMETOOLONG);
    std::string target;
    auto const why = unpack_member(*job.file, member, [&](std::string_view bytes) {
      target += bytes;
      return true;
    });
    if (!why.empty()) return why;
    if (!tree.make_link(*path, target, member.metadata)) return tree.failure();
  }
  return {};
}

// Links when all files are there, so that no file goes through one; then what directories are to
// look like, the deep ones first, so that nothing changes them any more.
std::string finish(zip_job const& job) {
  safe_tree tree(job.root);
  if (!tree.ok()) return tree.failure();
  auto why = make_links(job, tree);
  if (!why.empty()) return why;
  std::map<std::string, file_metadata const*, std::greater<>> directories;
  file_metadata const* root = nullptr;
  for (auto const& member : job.members) {
    if (member.what != zip_member::kind::directory) continue;
    auto const path = tree.place(member.name);
    if (!path) return tree.failure();
    if (*path == ".") {
      root = &member.metadata;
    } else {
      directories[*path] = &member.metadata;
    }
  }
  for (auto const& [path, metadata] : directories) {
    if (!tree.finish_directory(path, *metadata)) return tree.failure();
  }
  if (root && !tree.finish_directory(".", *root)) return tree.failure();
  return {};
}

std::size_t end_of_batch(zip_job const& job, std::size_t first) {
  std::uint64_t bytes = 0;
  auto last = first;
  while (last < job.members.size() && last - first < batch_members && bytes < batch_bytes) {
    bytes += job.members[last++].packed;
  }
  return last;
}

}  // namespace

awaitable<extract_outcome> extract_zip(net::blocking_pool& pool,
                                       std::shared_ptr<input_file const> file, std::string root,
                                       unsigned workers) {
  auto read = [file = std::move(file), root = std::move(root)] { return read_job(file, root); };
  auto const job = co_await net::on_pool(pool, std::move(read));
  std::string failure = job->failure;
  auto const loop = co_await asio::this_coro::executor;
  ahead<std::string> batches(loop, pool);
  std::size_t next = 0;
  // After a failure nothing more is started, but what is in work is waited for.
  while (true) {
    while (failure.empty() && next < job->members.size() && batches.size() < workers + 1) {
      auto const last = end_of_batch(*job, next);
      batches.start([job, first = next, last] { return unpack_batch(*job, first, last); });
      next = last;
    }
    if (batches.empty()) break;
    auto why = co_await batches.next();
    if (failure.empty()) failure = why ? *why : why.error().message();
  }
  if (!failure.empty()) co_return extract_outcome{failure};
  auto last_step = [job] { return finish(*job); };
  failure = co_await net::on_pool(pool, std::move(last_step));
  co_return extract_outcome{failure};
}

}  // namespace corunner::exec
