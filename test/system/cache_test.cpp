// Caches of jobs, with the real program: from one pipeline to the next, several at once, and when
// it is killed in the middle.

#include "test/system/support/fake_gitlab.hpp"
#include "test/system/support/files.hpp"
#include "test/system/support/http_peer.hpp"
#include "test/system/support/local_world.hpp"
#include "test/system/support/proc.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

namespace corunner::test {

namespace {

namespace fs = std::filesystem;

// "cache.zip metadata.json", the names in each directory of keys below.
std::vector<std::string> names_by_key(fs::path const& caches) {
  std::vector<std::string> all;
  for (auto const& entry : fs::recursive_directory_iterator(caches)) {
    if (entry.is_regular_file()) all.push_back(entry.path().filename().string());
  }
  std::ranges::sort(all);
  return all;
}

}  // namespace

TEST_CASE("local restores in its second pipeline what the first one saved",
          "[system][local][cache]") {
  auto const pipeline = R"yml(
job:
  cache: {key: deps, paths: [deps]}
  script:
    - cat deps/made || echo "nothing yet"
    - mkdir -p deps
    - echo "made by $CI_COMMIT_MESSAGE pipeline" > deps/made
)yml";
  local_world w(pipeline);
  auto const caches = w.path("home") / ".cache/corunner/local";
  auto const first = w.local({"job"});
  INFO(first.out << first.err);
  CHECK(first.code == 0);
  CHECK(has(first.out, "\nnothing yet\n"));
  CHECK(has(first.out, "Failed to extract cache"));
  CHECK(has(first.out, "Created cache"));
  CHECK(names_in(caches).size() == 1);
  CHECK(names_by_key(caches) == std::vector<std::string>{"cache.zip", "metadata.json"});

  auto const second = w.local({"job"});
  INFO(second.out << second.err);
  CHECK(second.code == 0);
  CHECK(has(second.out, "Successfully extracted cache"));
  CHECK(has(second.out, "\nmade by "));
  CHECK_FALSE(has(second.out, "\nnothing yet\n"));
  CHECK(names_in(w.temporary()).empty());

  // Another repository of that name has its own.
  w.repo = w.make_repository("elsewhere/repo", pipeline);
  auto const other = w.local({"job"});
  INFO(other.out << other.err);
  CHECK(has(other.out, "\nnothing yet\n"));
  CHECK(names_in(caches).size() == 2);
}

TEST_CASE("jobs that save and restore one cache at once never see a broken one",
          "[system][local][cache]") {
  std::string pipeline =
      "stages: [one, two, three]\n.job:\n  cache: {key: shared, paths: [deps]}\n"
      "  script:\n"
      "    - if [ -e deps/a ]; then cmp deps/a deps/b; fi\n"
      "    - mkdir -p deps && head -c 3000000 /dev/urandom > deps/a && cp deps/a deps/b\n";
  for (std::string const stage : {"one", "two", "three"}) {
    for (int i = 0; i < 4; ++i) {
      pipeline += stage + std::to_string(i) + ": {extends: .job, stage: " + stage + "}\n";
    }
  }
  local_world w(pipeline);
  auto const ran = w.local({"--concurrent", "4"});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(count_of("Created cache", ran.out) == 12);
  // The first stage may find nothing, the others find what it left.
  CHECK(count_of("Successfully extracted cache", ran.out) >= 8);
  CHECK_FALSE(has(ran.out, "not a valid zip"));
  CHECK(names_by_key(w.path("home") / ".cache/corunner/local") ==
        std::vector<std::string>{"cache.zip", "metadata.json"});
}

namespace {

// `cache-archiver` alone, in a project, with an object store that never answers.
struct archiver_world : world {
  archiver_world() {
    fs::create_directories(path("proj/deps"));
    write_file(path("proj/deps/a"), "content");
  }

  child archive(std::vector<std::string> more = {}) {
    std::vector<std::string> words{"cache-archiver", "--file", archive_file().string(), "--path",
                                   "deps"};
    words.insert(words.end(), more.begin(), more.end());
    return start(words, {.directory = path("proj"), .environment = {}});
  }
  fs::path caches = path("cache");
  fs::path archive_file() const { return caches / "key/cache.zip"; }
  std::vector<std::string> kept() const { return names_in(archive_file().parent_path()); }
  bool writes_to_cache(int pid) const {
    auto const here = caches.string();
    return std::ranges::any_of(open_files(pid), [&](auto const& file) {
      return file.find(here) != std::string::npos;
    });
  }
};

// Not every file system knows files without a name; the one in memory does.
bool hides_files(fs::path const& directory) {
  int const file = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) ::close(file);
  return file >= 0;
}

}  // namespace

TEST_CASE("an archiver that is killed while it packs leaves nothing", "[system][cache]") {
  archiver_world w;
  temporary_directory in_memory("/dev/shm");
  if (!hides_files(w.path("proj"))) w.caches = in_memory.path();
  // More than it gets through.
  fs::resize_file(w.path("proj/deps/a"), std::uintmax_t(64) << 30);
  auto archiver = w.archive({"--compression-level", "slowest"});
  REQUIRE(w.loop.run_until([&] { return w.writes_to_cache(archiver.pid()); }));
  archiver.signal(SIGKILL);
  CHECK(archiver.wait() == 128 + SIGKILL);
  CHECK(w.kept().empty());
}

TEST_CASE("an archiver that is stopped while it uploads leaves the archive alone",
          "[system][cache]") {
  archiver_world w;
  bool asked = false;
  http_peer store(w.loop, [&](net::http_exchange&) -> awaitable<void> {
    asked = true;
    co_await w.loop.time.sleep_for(std::chrono::hours(1));
  });
  auto archiver = w.archive({"--url", store.url() + "/bucket/key?sig=1"});
  REQUIRE(w.loop.run_until([&] { return asked; }));
  archiver.signal(SIGTERM);
  CHECK(archiver.wait() == 128 + SIGTERM);
  CHECK(w.kept() == std::vector<std::string>{"cache.zip", "metadata.json"});
}

TEST_CASE("a kind of store that the program does not have is said once a job", "[system][cache]") {
  world w;
  fake_gitlab server(w.loop);
  auto job = fake_gitlab::job(1, {"echo made > made.txt"});
  job.cache = {{.key = "a", .paths = {"made.txt"}}, {.key = "b", .paths = {"made.txt"}}};
  bool handed = false;
  server.on_poll = [&](auto const&) {
    return std::exchange(handed, true) ? fake_gitlab::reply{} : fake_gitlab::hand_out(job);
  };
  auto const config = w.configure({.url = server.url(),
                                   .token = "glrt-cache",
                                   .entry = "[runners.cache]\nType = \"floppy\"\n"});
  auto once = w.start_run(config, {"--once"});
  CHECK(once.wait() == 0);
  INFO(once.err());
  CHECK(count_of("Could not create cache adapter: cache factory not found", once.err()) == 1);
  CHECK(count_of("Created cache", server.log_of(1)) == 2);
}

}  // namespace corunner::test
