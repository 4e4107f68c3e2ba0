#include "config/in_quotes.hpp"
#include "runner/job/cache_key.hpp"
#include "runner/job/script/stage_scripts.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace corunner {
namespace {

namespace fs = std::filesystem;
using config::in_quotes;
using gitlab::job_cache;

bool holds_something(job_cache const& entry) { return entry.untracked || !entry.paths.empty(); }

struct cache_policy {
  bool pull = false;
  bool push = false;
};

// The archive of a key, as the helper finds it from the project directory.
std::string archive_file(script_context const& job, std::string const& key) {
  auto const file = fs::path(job.directories.cache) / key / "cache.zip";
  if (job.flags["FF_USE_POWERSHELL_PATH_RESOLVER"]) return file.string();
  auto const relative = file.lexically_relative(job.directories.project);
  return relative.empty() ? file.string() : relative.string();
}

class cache_writer {
 public:
  explicit cache_writer(script_context const& job) : job_(job), to_(make_writer(job)) {
    export_variables(*to_, job);
    to_->change_directory(job.directories.project);
  }

  std::optional<job_failure> restore(job_cache const& entry) {
    auto const key = key_of(raw_key(entry));
    if (key.human.empty()) {
      to_->notice("Skipping cache extraction due to empty cache key");
      return std::nullopt;
    }
    auto const policy = policy_of(entry, key);
    if (!policy) return policy.error();
    if (!policy->pull) {
      to_->notice(fmt::format("Not downloading cache {} due to policy", key.human));
      return std::nullopt;
    }
    std::vector<cache_key> keys{key};
    add_fallbacks(keys, entry);
    with_helper(*to_, job_, "Extracting cache", [&] { extract(entry, keys, 0); });
    return std::nullopt;
  }

  std::optional<job_failure> archive(job_cache const& entry) {
    auto const key = key_of(raw_key(entry));
    if (key.human.empty()) {
      to_->notice("Skipping cache archiving due to empty cache key");
      return std::nullopt;
    }
    auto const policy = policy_of(entry, key);
    if (!policy) return policy.error();
    if (!policy->push) {
      to_->notice(fmt::format("Not uploading cache {} due to policy", key.human));
      return std::nullopt;
    }
    with_helper(*to_, job_, "Creating cache", [&] { create(entry, key); });
    return std::nullopt;
  }

  std::string text() {
    fix_ownership(*to_, job_, job_.directories.cache);
    return finish(*to_, job_);
  }

 private:
  std::string expand(std::string_view text) const {
    return job_.variables.expand(text, job_.directories.temporary());
  }

  std::string raw_key(job_cache const& entry) const {
    if (!entry.key.empty()) return expand(entry.key);
    auto const path = fmt::format("/{}/{}", job_.payload.job_info.name, job_.payload.git_info.ref);
    auto key = fs::path(path).lexically_normal().string().substr(1);
    if (key.ends_with('/')) key.pop_back();
    return key;
  }

  bool hashes_keys() const { return job_.flags["FF_HASH_CACHE_KEYS"]; }

  cache_key key_of(std::string const& raw) {
    auto key = make_cache_key(raw, hashes_keys());
    if (!key.warning.empty()) to_->warning(key.warning);
    return key;
  }

  void add_fallbacks(std::vector<cache_key>& keys, job_cache const& entry) {
    for (auto const& raw : entry.fallback_keys) add_fallback(keys, expand(raw));
    // Anybody may set this one: a branch that is not protected must not get at what protected ones
    // left.
    auto const last = job_.variables.value("CACHE_FALLBACK_KEY");
    auto const shown = make_cache_key(expand(last), hashes_keys()).human;
    if (!is_protected_fallback_key(shown)) return add_fallback(keys, last);
    to_->warning(fmt::format("CACHE_FALLBACK_KEY {} not allowed to end in \"-protected\"",
                             in_quotes(shown)));
    key_of(expand(last));  // for what it warns about
  }

  // `text` is expanded here, also where it was before: the reference does it twice.
  void add_fallback(std::vector<cache_key>& keys, std::string const& text) {
    if (text.empty()) return;
    auto key = key_of(expand(text));
    if (key.human.empty()) return to_->notice("Skipping cache extraction due to empty cache key");
    keys.push_back(std::move(key));
  }

  attempt<cache_policy> policy_of(job_cache const& entry, cache_key const& key) const {
    auto const policy = expand(entry.policy);
    if (policy.empty() || policy == "pull-push") return cache_policy{true, true};
    if (policy == "pull") return cache_policy{true, false};
    if (policy == "push") return cache_policy{false, true};
    return plain_failure(fmt::format("unknown cache policy {} for {}", policy, key.human));
  }

  std::string timeout() const { return std::to_string(job_.settings.cache_request_timeout); }

  // The keys from `next` on, each in the else-branch of the one before.
  void extract(job_cache const& entry, std::vector<cache_key> const& keys, std::size_t next) {
    auto const& key = keys[next];
    exec::shell_writer::words call{job_.helper, "cache-extractor", "--file",
                                   archive_file(job_, key.storage), "--timeout", timeout()};
    add_get_urls(call, key);
    to_->notice(fmt::format("Checking cache for {}...", key.human));
    to_->if_command_with_output(call);
    to_->notice("Successfully extracted cache");
    to_->otherwise();
    to_->warning("Failed to extract cache");
    if (job_.flags["FF_CLEAN_UP_FAILED_CACHE_EXTRACT"]) remove_paths(entry);
    if (next + 1 < keys.size()) extract(entry, keys, next + 1);
    to_->end_if();
  }

  remote_object stored_under(std::string const& storage, bool hashed, cache_key const& key) const {
    return job_.store ? job_.store->find({storage, hashed, key.human}) : remote_object();
  }

  remote_object stored(cache_key const& key) const {
    return stored_under(key.storage, hashes_keys(), key);
  }

  static void add_unless_empty(exec::shell_writer::words& call, std::string const& flag,
                               std::string const& value) {
    if (!value.empty()) call.insert(call.end(), {flag, value});
  }

  // Where to get it, under this scheme of keys and the other one: jobs with that may have saved it.
  void add_get_urls(exec::shell_writer::words& call, cache_key const& key) const {
    auto const object = stored(key);
    if (object.get_url.empty()) return;
    add_unless_empty(call, "--url", object.get_url);
    add_unless_empty(call, "--head-url", object.head_url);
    auto const other = stored_under(key.alternate, !hashes_keys(), key);
    if (other.get_url.empty()) return;
    add_unless_empty(call, "--alternate-url", other.get_url);
    add_unless_empty(call, "--alternate-head-url", other.head_url);
  }

  void add_put_url(exec::shell_writer::words& call, cache_key const& key) const {
    auto const object = stored(key);
    if (object.put_url.empty()) return;
    call.insert(call.end(), {"--url", object.put_url});
    for (auto const& header : object.put_headers) call.insert(call.end(), {"--header", header});
    add_unless_empty(call, "--check-url", object.head_url);
  }

  void remove_paths(job_cache const& entry) {
    for (auto const& path : entry.paths) {
      to_->print("Removing " + path);
      to_->remove_directory(path);
    }
  }

  void create(job_cache const& entry, cache_key const& key) {
    auto const file = to_->write_dotenv(temporary_file::cache_environment,
                                        {{"CACHE_METADATA", metadata_of(key)}});
    exec::shell_writer::words call{job_.helper,
                                   "cache-archiver",
                                   "--file",
                                   archive_file(job_, key.storage),
                                   "--alternate-file",
                                   archive_file(job_, key.alternate),
                                   "--timeout",
                                   timeout()};
    if (auto const limit = job_.runner.cache.or_empty().max_uploaded_archive_size; limit != 0) {
      call.insert(call.end(), {"--max-uploaded-archive-size", std::to_string(limit)});
    }
    for (auto const& path : entry.paths) call.insert(call.end(), {"--path", path});
    if (entry.untracked) call.push_back("--untracked");
    add_put_url(call, key);
    call.insert(call.end(), {"--env-file", file});
    to_->notice(fmt::format("Creating cache {}...", key.human));
    to_->if_command_with_output(call);
    to_->notice("Created cache");
    to_->otherwise();
    to_->warning("Failed to create cache");
    to_->end_if();
    to_->remove_file(file);
  }

  static std::string metadata_of(cache_key const& key) {
    boost::json::object metadata;
    metadata["cachekey"] = key.human;
    return boost::json::serialize(metadata);
  }

  script_context const& job_;
  shell_writer_ptr to_;
};

}  // namespace

attempt<std::string> restore_cache_script(script_context const& job) {
  if (std::ranges::none_of(job.payload.cache, holds_something)) return std::string();
  cache_writer script(job);
  for (auto const& entry : job.payload.cache) {
    if (!holds_something(entry)) continue;
    if (auto const wrong = script.restore(entry)) return *wrong;
  }
  return script.text();
}

attempt<std::string> archive_cache_script(script_context const& job, bool job_succeeded) {
  auto const wanted = [job_succeeded](job_cache const& entry) {
    return holds_something(entry) && fits(entry.when, job_succeeded);
  };
  if (std::ranges::none_of(job.payload.cache, wanted)) return std::string();
  cache_writer script(job);
  for (auto const& entry : job.payload.cache) {
    if (!wanted(entry)) continue;
    if (auto const wrong = script.archive(entry)) return *wrong;
  }
  return script.text();
}

}  // namespace corunner
